// Writes a message as Outlook saves it (MS-OXMSG): SheetJS makes the compound file, this the streams in it.
import { readFileSync } from "node:fs";
import XLSX from "xlsx";

const { headers, attachments, out } = JSON.parse(readFileSync(0, "utf8"));
const { CFB } = XLSX;
const STRING = 0x1f;
const BINARY = 0x102;
const file = CFB.utils.cfb_new();

const text = (value) => Buffer.from(value, "utf16le");
const hex = (number) => number.toString(16).toUpperCase().padStart(4, "0");

function storage(place, head, properties) {
  const entries = properties.map(([id, type, value]) => {
    const entry = Buffer.alloc(16);
    entry.writeUInt32LE((id << 16) | type, 0);
    entry.writeUInt32LE(6, 4);
    entry.writeUInt32LE(typeof value === "number" ? value : value.length + (type === STRING ? 2 : 0), 8);
    return entry;
  });
  CFB.utils.cfb_add(file, `${place}__properties_version1.0`, Buffer.concat([head, ...entries]));
  for (const [id, type, value] of properties)
    if (typeof value !== "number") CFB.utils.cfb_add(file, `${place}__substg1.0_${hex(id)}${hex(type)}`, value);
}

const head = Buffer.alloc(32);
head.writeUInt32LE(attachments.length, 12);
head.writeUInt32LE(attachments.length, 20);
storage("/", head, [
  [0x001a, STRING, text("IPM.Note")],
  [0x007d, STRING, text(headers)],
  [0x1000, STRING, text("Kính gửi Bộ")],
]);
attachments.forEach(({ name, content }, number) => {
  storage(`/__attach_version1.0_#${String(number).padStart(8, "0")}/`, Buffer.alloc(8), [
    [0x3701, BINARY, Buffer.from(content, "hex")],
    [0x3704, STRING, text("BAOCAO~1.XLS")],
    [0x3705, 3, 1],
    [0x3707, STRING, text(name)],
  ]);
});
CFB.utils.cfb_del(file, "/\u0001Sh33tJ5");
CFB.writeFile(file, out);
