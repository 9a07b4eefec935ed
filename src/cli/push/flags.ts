// The command line of `kindred push`: its flags, what its help teaches, and the parameters of ImportImage that
// some of them stand for. Nothing here calls anything.
import { operations } from '../../client/data.ts';
import { inputValue } from '../flag-value.ts';
import { definitions } from '../layout.ts';
import { EXIT_CODES } from '../operation-help.ts';
import { readOwnFlags } from '../own-flags.ts';
import { UsageError } from '../usage-error.ts';

export const SUMMARY = 'Send a disk image in, check it, and publish it into a family.';

const FLAGS: readonly (readonly [name: string, value: string, help: string])[] = [
  ['family', 'NAME', 'The family that names the image once it is checked.'],
  ['region', 'ID', 'The region; else ALIBABA_CLOUD_REGION_ID, the region of the profile.'],
  ['name', 'NAME', 'Name of the image; default its id.'],
  ['description', 'TEXT', 'Description of the image.'],
  ['format', 'FORMAT', 'QCOW2, RAW, VHD or VMDK; default: as the content says.'],
  ['architecture', 'NAME', 'x86_64 (default), arm64 or i386.'],
  ['platform', 'NAME', 'As of ImportImage, for example Ubuntu.'],
  ['boot-mode', 'MODE', 'BIOS or UEFI.'],
  ['tag', 'KEY=VALUE', 'A tag of the image; may be repeated.'],
  [
    'label',
    'KEY=VALUE',
    'A label, which the addresses of the family tell of, for example git.sha: the tag label:KEY; may be repeated.',
  ],
  [
    'signature',
    'FILE',
    'A detached OpenPGP or SSH signature of the SHA256SUMS that the image will have; may be repeated. See docs/guide/read-images.md.',
  ],
  [
    'sha256sums',
    'FILE',
    'A file or URL whose line for the source must fit, else nothing is published.',
  ],
  ['bucket', 'NAME', 'A bucket of yours; default kindred-push-<account>, made when missing.'],
  [
    'keep-object',
    '',
    'Leave the object in the bucket; default: removed once the image has its bytes.',
  ],
  ['no-wait', '', 'End after the import was accepted; no family can be set then.'],
  ['give-up', 'SECONDS', 'How long nothing may go forward before the push ends (300).'],
  [
    'endpoint',
    'URL',
    'The server; else ALIBABA_CLOUD_ENDPOINT, the profile, http://127.0.0.1:5260.',
  ],
  ['profile', 'NAME', 'A profile of ~/.aliyun/config.json.'],
  ['data', 'DIR', 'A data directory of this machine, for its root key.'],
  ['help', '', 'Show this text.'],
];

export const helpText = (columns: number): string =>
  `kindred push: ${SUMMARY}

Usage: kindred push FILE|URL --family NAME [flags]

${definitions(
  FLAGS.map(([name, value, help]) => [value ? `  --${name} ${value}` : `  --${name}`, help]),
  columns,
)}

A FILE is inspected before it is sent, as kindred inspect does it; the server inspects what arrives again.
The image joins the family last, when its bytes are stored and their SHA-256 is that of the source:
whoever asks the family sees the old image or the new one, and never half of it. What was sent is kept
when the push is interrupted (Ctrl-C, a crash, a broken line): the same command goes on from there.
The id of the image is printed on standard output.

Examples:
  kindred push nightly.qcow2 --family web --region cn-hangzhou
  kindred push https://images.example/debian.qcow2 --family debian --sha256sums https://images.example/SHA256SUMS
  id=$(kindred push disk.raw --family db --name db-42 --label git.sha=4f2a91c)

${EXIT_CODES}
`;

export interface PushFlags {
  source: string;
  family: string | undefined;
  region: string | undefined;
  sums: string | undefined;
  /** Files with detached signatures. */
  signatures: readonly string[];
  bucket: string | undefined;
  keepObject: boolean;
  wait: boolean;
  giveUpMs: number;
  /** Further parameters of ImportImage. */
  image: Record<string, unknown>;
  format: string | undefined;
  settings: { endpoint?: string; profile?: string; data?: string };
}

const IMAGE_FLAGS = {
  name: 'ImageName',
  description: 'Description',
  architecture: 'Architecture',
  platform: 'Platform',
  'boot-mode': 'BootMode',
} as const;

/** @throws UsageError */
export const readFlags = (argv: readonly string[]): PushFlags => {
  const { texts, lists, switches, positionals } = parse(argv);
  const [source, ...others] = positionals;
  if (source === undefined || others.length > 0)
    throw new UsageError('kindred push takes one FILE or URL; see kindred push --help.');
  const wait = !switches.has('no-wait');
  if (!wait && texts.family !== undefined)
    throw new UsageError(
      'The family is set once the image is checked, which --no-wait does not wait for: leave out one of the two.',
    );
  if (!wait && lists.signature.length > 0)
    throw new UsageError(
      'A signature is stored once the image is checked, which --no-wait does not wait for: leave out one of the two.',
    );
  const giveUp = texts['give-up'] ?? '300';
  if (!/^\d{1,6}$/.test(giveUp)) throw new UsageError('--give-up takes a number of seconds.');
  const format = texts.format?.toUpperCase();
  if (format !== undefined && !['QCOW2', 'RAW', 'VHD', 'VMDK'].includes(format))
    throw new UsageError(`--format takes QCOW2, RAW, VHD or VMDK, not ${texts.format}.`);
  const { endpoint, profile, data } = texts;
  const tags = [...lists.tag.map(tagOf), ...lists.label.map(labelOf)];
  return {
    source,
    family: texts.family,
    region: texts.region,
    sums: texts.sha256sums,
    signatures: lists.signature,
    bucket: texts.bucket,
    keepObject: switches.has('keep-object'),
    wait,
    giveUpMs: Number(giveUp) * 1000,
    image: { ...imageInput(texts), ...(tags.length > 0 && { Tag: tags }) },
    format,
    settings: {
      ...(endpoint !== undefined && { endpoint }),
      ...(profile !== undefined && { profile }),
      ...(data !== undefined && { data }),
    },
  };
};

const imageInput = (texts: Readonly<Record<string, string | undefined>>) => {
  const fields = operations.ImportImage!.input;
  const input: Record<string, unknown> = {};
  for (const [flag, name] of Object.entries(IMAGE_FLAGS)) {
    const text = texts[flag];
    const field = fields.find((one) => one.name === name);
    if (text !== undefined && field) input[name] = inputValue(text, field, `--${flag}`);
  }
  return input;
};

const tagOf = (text: string) => {
  const at = text.indexOf('=');
  return at < 0 ? { Key: text, Value: '' } : { Key: text.slice(0, at), Value: text.slice(at + 1) };
};

/** Labels are tags of their own kind; one without a key or a value says nothing. */
const labelOf = (text: string) => {
  const { Key, Value } = tagOf(text);
  if (Key === '' || Value === '')
    throw new UsageError(`--label takes KEY=VALUE, for example git.sha=4f2a91c; not ${text}.`);
  if (/https?:\/\//i.test(text))
    throw new UsageError(
      `A tag, and so a label, cannot hold http:// or https:// (the cloud refuses it): leave out the scheme of ${Key}.`,
    );
  return { Key: `label:${Key}`, Value };
};

const REPEATED = ['tag', 'label', 'signature'] as const;

const parse = (argv: readonly string[]) => {
  const options = Object.fromEntries(
    FLAGS.map(([name, value]) => [
      name,
      value ? { type: 'string' as const, multiple: true } : { type: 'boolean' as const },
    ]),
  );
  const parsed = readOwnFlags('push', argv, options);
  const texts: Record<string, string | undefined> = {};
  const switches = new Set<string>();
  for (const [name, value] of Object.entries(parsed.values)) {
    if (value === true) switches.add(name);
    if (!Array.isArray(value) || isRepeated(name)) continue;
    if (value.length > 1) throw new UsageError(`--${name} takes one value.`);
    texts[name] = String(value[0]);
  }
  const listOf = (name: (typeof REPEATED)[number]): string[] => {
    const given = parsed.values[name];
    return Array.isArray(given) ? given.map(String) : [];
  };
  const lists = { tag: listOf('tag'), label: listOf('label'), signature: listOf('signature') };
  return { texts, lists, switches, positionals: parsed.positionals };
};

const isRepeated = (name: string): boolean => REPEATED.some((one) => one === name);
