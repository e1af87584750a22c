// Light or dark. A classic script in the head, so that the page never flashes in the wrong colours.
// Without a choice the page follows prefers-color-scheme; a choice is kept in this browser.
(() => {
  const key = "page.theme";
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");

  const apply = () => {
    root.dataset.theme = localStorage.getItem(key) ?? (dark.matches ? "dark" : "light");
  };

  addEventListener("page:toggle-theme", () => {
    localStorage.setItem(key, root.dataset.theme === "dark" ? "light" : "dark");
    apply();
  });
  dark.addEventListener("change", apply);
  apply();
})();
