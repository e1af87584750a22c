// aim finds what a person would press and tells where it is, or why nobody could press it yet: it must be there, stand
// still, be on, and not lie under something else. From then on it watches whether the press arrives.
function aim(selector, index) {
  return new Promise((resolve) => {
    const found = [...document.querySelectorAll(selector)]
      .filter((e) => e.getClientRects().length && e.checkVisibility({ visibilityProperty: true })).at(index);
    if (!found) return resolve({ why: "nothing like it is to be seen" });
    found.scrollIntoViewIfNeeded();
    const before = found.getBoundingClientRect();
    setTimeout(() => {
      const after = found.getBoundingClientRect();
      if (!found.isConnected || before.x !== after.x || before.y !== after.y) return resolve({ why: "it moves" });
      if (found.disabled) return resolve({ why: "it is off" });
      const box = found.getClientRects()[0];
      const x = box.x + box.width / 2, y = box.y + box.height / 2;
      const hit = document.elementFromPoint(x, y);
      if (!hit || !(found.contains(hit) || hit.closest("label")?.control === found)) {
        found.scrollIntoView({ block: "center", behavior: "instant" });
        return resolve({ why: `it lies under ${hit?.outerHTML.slice(0, 120)}` });
      }
      window.aimed = { found, arrived: "" };
      for (const kind of ["mousedown", "click"]) {
        document.addEventListener(kind, (e) => { if (e.composedPath().includes(found)) window.aimed.arrived = kind; }, { capture: true, once: true });
      }
      resolve({ x, y });
    }, 20);
  });
}

// arrived says whether the press that was aimed reached its element. News may draw an element anew under the mouse, and then
// nobody hears the press. An element that the mouse's going down took away, as an option of a list, heard it; so did one that
// led to another page, which knows nothing of it.
function arrived(selector) {
  if (!window.aimed || window.aimed.arrived === "click" || window.aimed.found.matches("select")) return true;
  return window.aimed.arrived === "mousedown" && !window.aimed.found.isConnected && !document.querySelector(selector);
}
