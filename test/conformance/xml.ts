// A parser for the XML that tests read: elements and text, no attributes, no comments. Whatever else
// stands in a document makes it throw, so that it is a test of the document as well.

export interface XmlNode {
  readonly name: string;
  /** Text of a leaf; empty when there are children. */
  readonly text: string;
  readonly children: readonly XmlNode[];
}

const DECLARATION = /^<\?xml version="1\.0" encoding="UTF-8"\?>/;
const TAG = /<(\/?)([A-Za-z_][A-Za-z0-9_.-]*)>/y;
const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

const textOf = (raw: string): string => {
  if (/[<>]|[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(raw))
    throw new Error(`not the text of an element: ${JSON.stringify(raw)}`);
  return raw.replace(/&([^;]*);?/g, (_all, name: string) => {
    if (/^#\d+$/.test(name)) return String.fromCodePoint(Number(name.slice(1)));
    const char = ENTITIES[name];
    if (char === undefined) throw new Error(`unknown entity ${name}`);
    return char;
  });
};

/** The root element of a document. @throws when the document is not well-formed */
export const parseXml = (document: string): XmlNode => {
  const start = DECLARATION.exec(document)?.[0].length;
  if (start === undefined) throw new Error(`no XML declaration: ${document.slice(0, 80)}`);
  const read = (at: number): { node: XmlNode; end: number } => {
    TAG.lastIndex = at;
    const [open, slash, name = ''] = TAG.exec(document) ?? [];
    if (open === undefined || slash !== '') throw new Error(`no element at ${at}`);
    const children: XmlNode[] = [];
    let next = at + open.length;
    for (;;) {
      const tag = document.indexOf('<', next);
      if (tag < 0) throw new Error(`${name} does not end`);
      const text = document.slice(next, tag);
      const close = `</${name}>`;
      if (document.startsWith(close, tag)) {
        if (children.length > 0 && text !== '') throw new Error(`text beside elements in ${name}`);
        const node = { name, text: children.length > 0 ? '' : textOf(text), children };
        return { node, end: tag + close.length };
      }
      if (text !== '') throw new Error(`text beside elements in ${name}`);
      const child = read(tag);
      children.push(child.node);
      next = child.end;
    }
  };
  const { node, end } = read(start);
  if (end !== document.length) throw new Error('something stands behind the root element');
  return node;
};

/** A JSON value as the XML element of that name, to compare the two formats field by field. */
export const asXml = (name: string, value: unknown): XmlNode[] => {
  if (Array.isArray(value)) return value.flatMap((item) => asXml(name, item));
  if (typeof value !== 'object' || value === null)
    return [{ name, text: String(value), children: [] }];
  const children = Object.entries(value).flatMap(([member, inner]) => asXml(member, inner));
  return [{ name, text: '', children }];
};
