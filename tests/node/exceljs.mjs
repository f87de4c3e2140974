// Writes and saves workbooks with ExcelJS (MIT), as told on standard input: see tests/javascript.py.
import ExcelJS from "exceljs";
import { readFileSync } from "node:fs";

function valueOf(cell) {
  switch (cell.kind) {
    case "day":
      return new Date(`${cell.value}T00:00:00Z`);
    case "error":
      return { error: cell.value };
    case "formula":
      return { formula: cell.formula, result: cell.value ?? undefined };
    case "rich":
      return { richText: cell.value.map((text) => ({ text, font: { bold: true } })) };
    default:
      return cell.value;
  }
}

const formats = { day: "dd/mm/yyyy", "struck day": "dd/mm/yyyy", percent: "0.00%" };

const fonts = { tcvn3: ".VnTime", vni: "VNI-Times" };

function fill(sheet, tab) {
  for (const cell of tab.cells) {
    const target = sheet.getCell(cell.row, cell.column);
    target.value = valueOf(cell);
    if (formats[cell.format]) target.numFmt = formats[cell.format];
    if (cell.format?.startsWith("struck")) target.font = { strike: true };
    if (fonts[cell.format]) target.font = { name: fonts[cell.format] };
  }
  for (const row of tab.hidden_rows) sheet.getRow(row).hidden = true;
  for (const column of tab.hidden_columns) sheet.getColumn(column).hidden = true;
  for (const comment of tab.comments) sheet.getCell(comment.row, comment.column).note = comment.text;
  for (const area of tab.merges) sheet.mergeCells(area);
}

async function write(job) {
  const book = new ExcelJS.Workbook();
  for (const tab of job.tabs) fill(book.addWorksheet(tab.name, { state: tab.state }), tab);
  await book.xlsx.writeFile(job.out);
}

async function save(job) {
  const book = new ExcelJS.Workbook();
  await book.xlsx.readFile(job.path);
  for (const tab of job.tabs) fill(book.getWorksheet(tab.name), tab);
  await book.xlsx.writeFile(job.out);
}

for (const job of JSON.parse(readFileSync(0, "utf8"))) await (job.path ? save : write)(job);
