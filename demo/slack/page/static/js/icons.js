// Small line icons of our own, drawn as SVG nodes on a 20 by 20 grid.

const shapes = {
  hash: "M4 7.5h12M4 12.5h12M8.5 3.5l-2 13M13.5 3.5l-2 13",
  lock: "M5 9h10v7.5H5zM7 9V6.5a3 3 0 0 1 6 0V9",
  close: "M5 5l10 10M15 5L5 15",
  chevron: "M6 8l4 4 4-4",
  check: "M4.5 10.5l3.5 3.5 7.5-8",
  plus: "M10 4v12M4 10h12",
  out: "M11 4h5v5M16 4l-7.500 7.500M8 5H4.500v10.500H15V12",
  send: "M3.5 10L16.5 4l-4 12.5-3-5z M9.5 11.5l7-7.5",
  bolt: "M11 2.5L4.5 11.5H9.5L9 17.5l6.5-9H10.5z",
  thread: "M4 5h12v8H9.5L6 16v-3H4z",
  more: "M5 10h.01M10 10h.01M15 10h.01",
  eye: "M2.5 10S5 5 10 5s7.500 5 7.500 5-2.500 5-7.500 5-7.500-5-7.500-5zM10 8a2 2 0 1 0 0 4 2 2 0 0 0 0-4",
  clock: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14M10 6v4l2.500 2",
  journal: "M5 3.500h10v13H5zM8 7h4M8 10h4M8 13h2",
  moon: "M15.500 12A6.500 6.500 0 0 1 8 4.500a6.500 6.500 0 1 0 7.500 7.500z",
  sun: "M10 6.500a3.500 3.500 0 1 0 0 7 3.500 3.500 0 0 0 0-7M10 2v1.500M10 16.500V18M2 10h1.500M16.500 10H18M4.500 4.500l1 1M14.500 14.500l1 1M4.500 15.500l1-1M14.500 5.500l1-1",
  search: "M9 4a5 5 0 1 0 0 10A5 5 0 0 0 9 4M12.800 12.800L16.500 16.500",
  menu: "M3.500 6h13M3.500 10h13M3.500 14h13",
  warning: "M10 3.500L17.500 16.500H2.500zM10 8v4M10 14h.01",
  keyboard: "M2.500 6h15v8.500h-15zM5.500 8.800h.01M8.500 8.800h.01M11.500 8.800h.01M14.500 8.800h.01M6.500 12h7",
  image: "M3.500 4.500h13v11h-13zM3.500 13l4-4 3 3 2.500-2.500 3.500 3.500",
  file: "M5.500 3h6l3.500 3.500V17H5.500zM11.500 3v3.500H15",
};

/** icon is a decorative drawing; the button around it carries the name. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", shapes[name]);
  svg.append(path);
  return svg;
}
