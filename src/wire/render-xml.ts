// XML by value: an object's members become elements, a list becomes one element per entry (so the
// wrapper of an empty list is an empty element). Whatever the values hold, the result is
// well-formed XML 1.0: characters that XML cannot carry become U+FFFD.
const special = /[&<>"'\r]/g;
const escapes: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&apos;'],
  // A bare carriage return would be read back as a newline.
  ['\r', '&#13;'],
]);
// More than XML forbids: 0x7F to 0x9F are legal, and drive terminals.
const illegal = /[[\p{Cc}\ufffe\uffff]--[\t\n\r]]/gv;
const legalName = /^[A-Za-z_][A-Za-z0-9_.-]*$/;

/** A whole document with one root element. */
export function renderXml(root: string, members: object): string {
  return `<?xml version="1.0" encoding="UTF-8"?>${element(root, members)}`;
}

function element(name: string, value: unknown): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map((item) => element(name, item)).join('');
  const tag = legalName.test(name) ? name : elementName(name);
  return `<${tag}>${content(value)}</${tag}>`;
}

function content(value: unknown): string {
  if (typeof value !== 'object' || value === null) return escapeText(String(value));
  return Object.entries(value)
    .map(([name, member]) => element(name, member))
    .join('');
}

const elementName = (name: string): string => `_${name.replace(/[^A-Za-z0-9_.-]/g, '_')}`;

const escapeText = (text: string): string =>
  text
    .toWellFormed()
    .replace(illegal, '\ufffd')
    .replace(special, (char) => escapes.get(char) ?? char);
