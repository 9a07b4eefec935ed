// The XML that clients of the object door send: elements and text. No DTD, no entity but the five that
// XML names and numbers, no processing beyond the declaration; depth, elements and size are bounded, so
// that no document costs more than reading it once.

export interface XmlElement {
  name: string;
  text: string;
  children: readonly XmlElement[];
}

const MAX_DEPTH = 8;
const MAX_ELEMENTS = 60_000;
const NAMED: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
};
const TOKEN =
  /<(\/?)([A-Za-z_][\w.-]{0,99})((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/y;

/** The root element; undefined when it is not well formed, or more than is read here. */
export const parseXml = (document: string): XmlElement | undefined => {
  const text = document.replace(/^\ufeff?\s*(<\?xml[^<>?]*\?>)?/, '');
  const root = { name: '', text: '', children: [] as Open[] };
  const open: Open[] = [root];
  TOKEN.lastIndex = 0;
  for (let count = 0; TOKEN.lastIndex < text.length; count++) {
    const [token, slash, name, , closed, characters] = TOKEN.exec(text) ?? [];
    const current = open.at(-1)!;
    if (token === undefined || count > MAX_ELEMENTS) return undefined;
    if (characters !== undefined) {
      const plain = unescapeText(characters);
      if (plain === undefined || (open.length === 1 && plain.trim() !== '')) return undefined;
      current.text += plain;
    } else if (slash) {
      if (closed || open.length === 1 || open.pop()!.name !== name) return undefined;
    } else {
      const element: Open = { name: name!, text: '', children: [] };
      current.children.push(element);
      if (!closed && open.push(element) > MAX_DEPTH) return undefined;
    }
  }
  return open.length === 1 && root.children.length === 1 ? root.children[0] : undefined;
};

interface Open {
  name: string;
  text: string;
  children: Open[];
}

const unescapeText = (text: string): string | undefined => {
  if (!text.includes('&')) return text;
  let isSound = true;
  const plain = text.replace(
    /&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(\w{1,8}))?;?/g,
    (all, dec, hex, name) => {
      const code = dec ? Number(dec) : hex ? Number.parseInt(hex, 16) : undefined;
      if (all.endsWith(';') && code !== undefined && code <= 0x10ffff)
        return String.fromCodePoint(code);
      const known = all.endsWith(';') ? NAMED[name as string] : undefined;
      if (known === undefined) isSound = false;
      return known ?? '';
    },
  );
  return isSound ? plain : undefined;
};

/** The text of the first child of that name. */
export const childText = (element: XmlElement, name: string): string | undefined =>
  element.children.find((child) => child.name === name)?.text;
