import { readFileSync } from 'node:fs';
import { programForm, readPackedAsset } from '../lib/program-form.ts';
import { VERSION } from '../server/version.ts';
import type { Command } from './command.ts';
import { readOnlyFlags, SWITCH } from './own-flags.ts';
import { UsageError } from './usage-error.ts';

const helpText = (): string => `kindred version: Print the version.

  --licences   print the licences of Kindred and of everything inside this program instead

Exit codes: 0 done, 2 wrong usage.
`;

export const version: Command = {
  summary: 'Print the version.',
  helpText,
  async run(argv, io) {
    const { licences } = readOnlyFlags('version', argv, { licences: SWITCH });
    io.out(licences ? licenceTexts() : `kindred ${VERSION} (Node.js ${process.versions.node})\n`);
    return 0;
  },
};

/** Each build puts them beside the program or into it. */
const licenceTexts = (url: string = import.meta.url): string => {
  const form = programForm(url);
  if (form === 'one file') return Buffer.from(readPackedAsset('licences')).toString();
  if (form === 'bundle') return readFileSync(new URL('./licences.txt', url), 'utf8');
  throw new UsageError(
    "this is a checkout: Kindred's licence is LICENSE with NOTICE, and each package in node_modules has its own; npm run build writes them all into dist/licences.txt.",
  );
};
