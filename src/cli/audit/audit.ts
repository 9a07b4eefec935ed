// `kindred audit`: list, export and verify the audit trail, and show the keys that sign its checkpoints.
// The work of a verb is in its own file, loaded when it is asked for.
import type { Command } from '../command.ts';
import { runVerb, type Verbs } from '../verb.ts';

const SUMMARY = 'List, export and verify the audit trail: who changed what.';

const helpText = (): string => `kindred audit: ${SUMMARY}

  kindred audit list [--since T] [--until T] [--principal ARN] [--action NAME] [--resource ID]
                     [--request-id ID] [--account ID] [--limit N]
      newest first; an account sees its own records, the operator all
  kindred audit export [--since T] [--until T] [--after SEQUENCE] > file.jsonl
      JSON lines in the field names of ActionTrail's events, oldest first, each with its hash
  kindred audit verify [--file FILE] [--expect-head SEQUENCE:HASH] [--checkpoints FILE]
                       [--public-key KEY]
      checks every hash and link: of the server, of a data directory without one, or of exported lines
      without either. --expect-head is a head that an earlier verify or checkpoint named; --checkpoints
      is the file that --audit-checkpoint wrote elsewhere (a syslog file will do); --public-key is the
      one that must have signed them (kindred audit keys). A trail that was cut or written anew as a
      whole shows in these two alone: nothing on the machine itself can prove it.
  kindred audit uses [--since DAY] [--until DAY] [--image ID] [--principal ARN]
      how often images were resolved and read, by day and principal
  kindred audit keys
      the public keys that sign checkpoints

T is 2026-11-24, 2026-11-24T08:00:00Z, or an age: 90m, 12h, 7d.

  --json           print answers as JSON
  --endpoint URL   the server; without one the data directory itself is read
  --profile NAME   a profile of ~/.aliyun/config.json
  --data DIR       a data directory of this machine (./kindred-data)

Exit codes: 0 done, and the trail is whole; 1 refused, not reached, or the trail is not whole; 2 wrong usage.
`;

const VERBS: Verbs = {
  list: async () => (await import('./list.ts')).list,
  export: async () => (await import('./export.ts')).exportLines,
  verify: async () => (await import('./verify.ts')).verifyTrail,
  uses: async () => (await import('./uses.ts')).uses,
  keys: async () => (await import('./keys.ts')).keys,
};

export const audit: Command = {
  summary: SUMMARY,
  helpText,
  run: (argv, io) => runVerb('audit', VERBS, argv, io),
};
