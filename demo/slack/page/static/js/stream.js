// The event stream: it says what changed, the listener reads it anew. Reconnects for ever, and reports the gap.

import * as api from "./api.js";

export class Stream {
  #source = null;
  #user = "";
  #retry = 0;
  #delay = 500;

  /**
   * onEvent(event) gets each event. onState(online) tells about the connection; after a gap it is called with true
   * and the caller reads everything again, since events of the gap are lost.
   */
  constructor(onEvent, onState) {
    this.onEvent = onEvent;
    this.onState = onState;
    // A page that was left may be kept by the browser, with its connection: a browser has six for one server.
    addEventListener("pagehide", () => this.#rest());
    addEventListener("pageshow", (e) => e.persisted && this.#user && this.follow(this.#user));
  }

  #rest() {
    clearTimeout(this.#retry);
    this.#source?.close();
    this.#source = null;
  }

  /** follow closes what was open and listens as that person. */
  follow(user) {
    this.#rest();
    this.#user = user;
    const source = new EventSource(api.streamURL(user));
    this.#source = source;
    source.onopen = () => {
      this.#delay = 500;
      this.onState(true);
    };
    source.onmessage = (message) => this.onEvent(JSON.parse(message.data));
    source.onerror = () => {
      if (source !== this.#source) return;
      this.onState(false);
      source.close();
      this.#retry = setTimeout(() => this.follow(this.#user), this.#delay);
      this.#delay = Math.min(this.#delay * 2, 5000);
    };
  }
}
