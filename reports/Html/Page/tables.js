"use strict";
// Sorts a table by the column whose head is pressed, and hides the rows that a search does not match. Numbers are compared
// by the data-v of their cells, so what is shown ("1.20 ms") and what is sorted by (1200000) are apart.
function sortByHeads(table) {
  const body = table.tBodies[0];
  const heads = [...table.querySelectorAll("th[data-column]")];
  for (const head of heads) {
    head.querySelector("button").addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") !== "descending";
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const column = Number(head.dataset.column);
      const keys = new Map([...body.rows].map(row => {
        const cell = row.cells[column];
        return [row, "v" in cell.dataset ? Number(cell.dataset.v) : cell.textContent];
      }));
      const compare = (a, b) => {
        const x = keys.get(a), y = keys.get(b);
        return typeof x === "number" ? x - y : x.localeCompare(y);
      };
      body.append(...[...body.rows].sort((a, b) => down ? compare(b, a) : compare(a, b)));
    });
  }
}

function searchRows(search) {
  const body = document.getElementById(search.dataset.table).tBodies[0];
  search.addEventListener("input", () => {
    const wanted = search.value.toLowerCase();
    for (const row of body.rows) row.hidden = !row.cells[0].textContent.toLowerCase().includes(wanted);
  });
}
