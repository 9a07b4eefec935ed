import type { IncomingMessage } from 'node:http';
import { parseXml, type XmlElement } from '../../wire/parse-xml.ts';
import { hash } from 'node:crypto';
import { OssError } from './error.ts';

/** Ten thousand parts, or a thousand keys of 1023 bytes with their escapes. */
const MAX_XML_BYTES = 4 * 1024 * 1024;

/** The XML that a request brings. @throws OssError */
export const readXml = async (incoming: IncomingMessage, root: string): Promise<XmlElement> => {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > MAX_XML_BYTES) throw new OssError('MalformedXML');
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  const md5 = incoming.headers['content-md5'];
  if (md5 !== undefined && hash('md5', bytes, 'base64') !== md5) throw new OssError('BadDigest');
  const found = parseXml(bytes.toString());
  if (found?.name !== root) throw new OssError('MalformedXML');
  return found;
};
