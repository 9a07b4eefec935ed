import type { Source } from './source.ts';

const MAGIC: readonly (readonly [magic: string, suffix: string])[] = [
  ['QFI\u00fb', 'qcow2'],
  ['KDMV', 'vmdk'],
  ['conectix', 'vhd'],
];

/**
 * A name for the object that ImportImage accepts, which wants a suffix: the source's own where it has one,
 * else one by its first bytes. What the file really is the server reads from its content.
 */
export const objectName = async (source: Source): Promise<string> => {
  const plain = source.fileName.replace(/[^A-Za-z0-9._-]/g, '_').slice(-100);
  if (/.\.(qcow2|raw|vhd|vmdk)$/i.test(plain)) return plain;
  for await (const chunk of source.read(0)) {
    const head = Buffer.from(chunk.subarray(0, 16)).toString('latin1');
    const suffix = MAGIC.find(([magic]) => head.startsWith(magic))?.[1] ?? 'raw';
    return `${plain}.${suffix}`;
  }
  return `${plain}.raw`;
};
