// `npm run corpus -- DIR`: writes the corpus of hostile and honest disk images into a new directory.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { writeCorpus } from './corpus/corpus.ts';

const [directory] = process.argv.slice(2);
if (directory === undefined) {
  console.error(
    'usage: npm run corpus -- DIR   (DIR is made; images and manifest.json go into it)',
  );
  process.exitCode = 2;
} else if (existsSync(join(directory, 'manifest.json'))) {
  console.error(`${directory} holds a corpus already; name a new directory`);
  process.exitCode = 2;
} else console.log(`${writeCorpus(directory)} images and manifest.json in ${directory}`);
