import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { page, section, table } from './markdown.ts';

export const ATTACKS_FILE = 'test/attack/attacks.json';

export interface Attack {
  /** From 1 within its section. */
  number: number;
  /** What is tried. */
  attack: string;
  /** What comes of it. */
  answer: string;
  /** What is answered otherwise than one might expect, and why. */
  house?: string;
  /** Why it cannot be tried here, or not yet. */
  absent?: string;
  /** `<file>: <name of the test>`, the name as it stands in the file. */
  tests: readonly string[];
}

export interface AttackSection {
  section: string;
  title: string;
  attacks: readonly Attack[];
}

export const readAttacks = (root: string): AttackSection[] =>
  JSON.parse(readFileSync(join(root, ATTACKS_FILE), 'utf8')) as AttackSection[];

/** The file and the name of a test. */
export const partsOfTest = (text: string): [path: string, name: string] => {
  const colon = text.indexOf(': ');
  return [text.slice(0, colon), text.slice(colon + 2)];
};

const testLink = (text: string): string => {
  const [path, name] = partsOfTest(text);
  return `[${name.replaceAll(/\$\{\w+\}/g, '…').replaceAll(/[[\]<>]/g, '\\$&')}](../../${path})`;
};

const rowOf = (section: string, { number, attack, answer, house, absent, tests }: Attack) => [
  `${section}.${number}`,
  attack,
  [answer, house && `Deliberately: ${house}.`, absent && `Not here: ${absent}.`]
    .filter(Boolean)
    .join('. ')
    .replaceAll('..', '.'),
  tests.map(testLink).join(' · '),
];

/** Each attack, what is answered, and the tests that try it. */
export const attacksPage = (root: string): string => {
  const sections = readAttacks(root);
  const all = sections.flatMap(({ attacks }) => attacks);
  const tried = all.filter(({ tests, absent }) => tests.length > 0 && absent === undefined).length;
  const intro = `${all.length} attacks on the API and on the service around it, as a checklist: ${tried} are tried by the tests that stand beside them, ${all.length - tried} have nothing to be tried on yet. A test proves that each named test is there. What is not defended stands in the [threat model](../guide/threat-model.md).\n\n`;
  return page(
    'Attacks',
    intro +
      sections
        .map(({ section: number, title, attacks }) =>
          section(
            `## ${number} ${title}`,
            table(
              ['', 'attack', 'answer', 'tried by'],
              attacks.map((attack) => rowOf(number, attack)),
            ),
          ),
        )
        .join(''),
  ).replace('from the operation files', `from ${ATTACKS_FILE}`);
};
