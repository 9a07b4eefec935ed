// `kindred seed`: accounts and images out of a file and into one. The work of a verb is in its own file,
// loaded when it is asked for.
import type { Command } from '../command.ts';
import { runVerb, type Verbs } from '../verb.ts';

const SUMMARY =
  'Fill a test server from a file, write what is there into one, or read a real account.';

const helpText = (): string => `kindred seed: ${SUMMARY}

  kindred seed apply FILE
      makes the accounts and images of the file (- reads standard input). Only on a data directory that
      was made for tests: serve --ephemeral, or a new --data with --test-controls. What is there and equal
      is left, so that the command can be repeated; what is there and differs ends it with its place.
  kindred seed export > FILE
      writes all accounts and custom images with their ids, times, families, states, tags and shares, of
      any Kindred; no bytes and no keys. Equal states are equal texts.
  kindred seed pull --region ID [--family NAME] [--shares] [--anonymise] > FILE
      reads the custom images of an account of the cloud, with calls that only describe; a key with
      AliyunECSReadOnlyAccess is enough. It takes the key of --profile or of ALIBABA_CLOUD_ACCESS_KEY_ID,
      and talks to the cloud itself unless --endpoint says otherwise.

The smallest file is {"Images":[{"ImageName":"web-1","ImageFamily":"web"}]}. Every image gets a small real
disk, blank and of its Size. docs/guide/seeds.md tells all keys, docs/reference/seed.schema.json completes
them in an editor.

  --json           apply: print the counts as JSON
  --region ID      pull: the region; may be repeated
  --family NAME    pull: only images of this family; may be repeated
  --anonymise      pull: other ids of accounts, images and snapshots, the same wherever the same stood
  --anonymise-names  pull: also other names, families, versions and tags, and no descriptions
  --shares         pull: ask of every image with whom it is shared
  --endpoint URL   the server; for pull default https://ecs.REGION.aliyuncs.com
  --profile NAME   a profile of ~/.aliyun/config.json
  --data DIR       a data directory of this machine (./kindred-data)

Examples:
  kindred seed apply fixtures/images.json
  kindred seed pull --region cn-hangzhou --anonymise --profile readonly > fixtures/images.json

Exit codes: 0 done, 1 refused or not reached, 2 wrong usage.
`;

const VERBS: Verbs = {
  apply: async () => (await import('./apply.ts')).apply,
  export: async () => (await import('./export.ts')).exportFile,
  pull: async () => (await import('./pull.ts')).pull,
};

export const seed: Command = {
  summary: SUMMARY,
  helpText,
  run: (argv, io) => runVerb('seed', VERBS, argv, io),
};
