// The corpus of disk images: what each is made of and what must be said of it. What must be said comes
// from the formats' specifications and from QEMU for the honest ones, never from the inspection that it
// tests; nothing here is shared with src/disk but the names of the reasons.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CorpusCase } from './corpus-case.ts';
import { bitflipCases } from './group-bitflip.ts';
import { confusionCases, polyglotCases, unsupportedCases } from './group-confusion.ts';
import { qcow2HeaderCases } from './group-qcow2-header.ts';
import { qcow2ReferenceCases } from './group-qcow2-reference.ts';
import { qcow2BombCases, qcow2StructureCases } from './group-qcow2-structure.ts';
import { truncatedCases } from './group-truncated.ts';
import { validCases } from './group-valid.ts';
import { vhdCases } from './group-vhd.ts';
import { vmdkCases } from './group-vmdk.ts';

/** All images, the same bytes at every call. */
export const corpus = (): CorpusCase[] => [
  ...validCases(),
  ...qcow2ReferenceCases(),
  ...qcow2HeaderCases(),
  ...qcow2StructureCases(),
  ...qcow2BombCases(),
  ...truncatedCases(),
  ...bitflipCases(),
  ...confusionCases(),
  ...unsupportedCases(),
  ...polyglotCases(),
  ...vhdCases(),
  ...vmdkCases(),
];

export const fileNameOf = (one: CorpusCase): string => `${one.group}--${one.name}.img`;

/**
 * Writes the images as files with holes, and `manifest.json` beside them.
 * @returns how many images
 */
export function writeCorpus(directory: string): number {
  mkdirSync(directory, { recursive: true });
  const manifest = corpus().map((one) => {
    const file = fileNameOf(one);
    one.image.writeTo(join(directory, file));
    return {
      name: one.name,
      group: one.group,
      file,
      declaredFormat: one.declaredFormat,
      verdict: one.verdict,
      reason: one.reason ?? null,
      format: one.format,
      virtualSize: one.virtualSize?.toString() ?? null,
      size: one.image.sizeBytes,
      sha256: one.image.sha256(),
    };
  });
  writeFileSync(join(directory, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest.length;
}
