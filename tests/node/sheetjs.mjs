// Writes and saves workbooks with SheetJS (npm "xlsx" 0.18.5, Apache-2.0), as told on standard input: see
// tests/javascript.py. That release is old; here it only writes, and reads files of our own.
import { readFileSync } from "node:fs";
import XLSX from "xlsx";

const hidden = { visible: 0, hidden: 1, veryHidden: 2 };
const errors = { "#NULL!": 0, "#DIV/0!": 7, "#VALUE!": 15, "#REF!": 23, "#NAME?": 29, "#NUM!": 36, "#N/A": 42 };
const formats = { day: "dd/mm/yyyy", "struck day": "dd/mm/yyyy", percent: "0.00%" };

function objectOf(cell) {
  const format = formats[cell.format] ? { z: formats[cell.format] } : {};
  switch (cell.kind) {
    case "day":
      return { t: "n", v: Math.round((Date.parse(`${cell.value}T00:00:00Z`) - Date.UTC(1899, 11, 30)) / 864e5), ...format };
    case "error":
      return { t: "e", v: errors[cell.value] };
    case "formula":
      return { t: typeof cell.value === "string" ? "s" : "n", f: cell.formula, v: cell.value ?? undefined };
    case "rich":
      return { t: "s", v: cell.value.join("") };
    default:
      return { t: { string: "s", number: "n", boolean: "b" }[typeof cell.value], v: cell.value, ...format };
  }
}

function fill(sheet, tab) {
  let { r: bottom, c: right } = XLSX.utils.decode_range(sheet["!ref"] ?? "A1").e;
  for (const cell of tab.cells) {
    sheet[XLSX.utils.encode_cell({ r: cell.row - 1, c: cell.column - 1 })] = objectOf(cell);
    bottom = Math.max(bottom, cell.row - 1);
    right = Math.max(right, cell.column - 1);
  }
  sheet["!ref"] = XLSX.utils.encode_range({ s: { r: 0, c: 0 }, e: { r: bottom, c: right } });
  for (const row of tab.hidden_rows) (sheet["!rows"] ??= [])[row - 1] = { hidden: true };
  for (const column of tab.hidden_columns) (sheet["!cols"] ??= [])[column - 1] = { hidden: true };
  for (const comment of tab.comments) {
    XLSX.utils.cell_add_comment(sheet[XLSX.utils.encode_cell({ r: comment.row - 1, c: comment.column - 1 })], comment.text);
  }
  for (const area of tab.merges) (sheet["!merges"] ??= []).push(XLSX.utils.decode_range(area));
}

function write(job) {
  const book = XLSX.utils.book_new();
  for (const tab of job.tabs) {
    const sheet = {};
    fill(sheet, tab);
    XLSX.utils.book_append_sheet(book, sheet, tab.name);
  }
  book.Workbook = { Sheets: job.tabs.map((tab) => ({ name: tab.name, Hidden: hidden[tab.state] })) };
  book.Custprops = job.properties;
  XLSX.writeFile(book, job.out, { bookSST: job.shared });
}

function save(job) {
  const book = XLSX.readFile(job.path, { cellStyles: true, cellNF: true });
  for (const tab of job.tabs) fill(book.Sheets[tab.name], tab);
  XLSX.writeFile(book, job.out, { bookSST: job.shared, cellStyles: true });
}

for (const job of JSON.parse(readFileSync(0, "utf8"))) (job.path ? save : write)(job);
