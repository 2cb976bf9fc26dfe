// Colours as they are now, and the button that turns the page dark or light. Without it the page is as the system is.
function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

// A custom property reads as it was written; the colour that comes of it is known only where it is used.
function colourOf(name) {
  const probe = document.createElement("i");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}

// Tells when colours change: by the button, by the system, for the printer.
function onColours(changed) {
  document.addEventListener("colours", changed);
}

function startTheme(button) {
  const root = document.documentElement;
  const changed = () => {
    button.textContent = isDark() ? "light" : "dark";
    document.dispatchEvent(new Event("colours"));
  };
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    changed();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
  let before = null;
  addEventListener("beforeprint", () => {
    before = root.dataset.theme ?? "";
    root.dataset.theme = "light";
    changed();
  });
  addEventListener("afterprint", () => {
    if (before) root.dataset.theme = before;
    else delete root.dataset.theme;
    changed();
  });
  changed();
}

// One link for each section that is shown.
function fillNavigation(parent) {
  const links = [...document.querySelectorAll("section[id]:not([hidden]) h2")].map(head => {
    const link = document.createElement("a");
    link.href = "#" + head.closest("section").id;
    link.textContent = head.dataset.short ?? head.textContent;
    return link;
  });
  parent.append(...links);
}
