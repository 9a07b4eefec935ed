// `npm run bench`: DescribeImageFromFamily, fully verified, beside a bare node:http server that answers
// the same bytes; in turn, in one run, at 1,000 and at 1,000,000 images. A run in which the server had
// less than 95 % of a core says that it is invalid: then something else was measured.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runLoad } from './load.ts';
import { measureStart } from './measure-start.ts';
import { presign, type Scheme } from './presign.ts';
import { cpuMs, median, residentMib, startBare, startKindred, type Child } from './process.ts';
import { familyName, seedImages } from './seed.ts';

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '60000' },
    rounds: { type: 'string', default: '11' },
    images: { type: 'string', default: '1000,1000000' },
    'skip-start': { type: 'boolean', default: false },
  },
});

const REGION = 'cn-hangzhou';
const FAMILIES = 1_000;
const CONNECTIONS = 64;
/** Enough for the compiler to have seen every path, on both servers. */
const WARM_UP = 150_000;
const LEAST_CORE = 0.95;
const IDLE_IMAGES = 10_000;

interface Figure {
  rate: number;
  cpuUsPerRequest: number;
  core: number;
}

const log = (text: string): void => void process.stdout.write(`${text}\n`);

const makeData = async (images: number) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'kindred-bench-'));
  const first = await startKindred(dataDir);
  await first.stop();
  const key = JSON.parse(readFileSync(join(dataDir, 'root-key.json'), 'utf8')) as {
    accessKeyId: string;
    accessKeySecret: string;
  };
  seedImages({
    dataDir,
    accountId: ownAccount(dataDir),
    regionId: REGION,
    families: FAMILIES,
    images,
  });
  return { dataDir, key };
};

const ownAccount = (dataDir: string): string => {
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  const database = new DatabaseSync(join(dataDir, 'kindred.db'), { readOnly: true });
  const row = database.prepare('SELECT account_id FROM account').get() as { account_id: string };
  database.close();
  return row.account_id;
};

const measure = async (
  child: Child,
  requests: readonly Buffer[],
): Promise<Figure & { sample: string }> => {
  const before = cpuMs(child.pid);
  const result = await runLoad(child.port, requests, CONNECTIONS);
  const used = cpuMs(child.pid) - before;
  if (result.failed > 0 || result.answered !== requests.length)
    throw new Error(
      `${result.failed} of ${result.answered} answers were not 200: ${result.sample}`,
    );
  return {
    rate: (result.answered / result.elapsedMs) * 1000,
    cpuUsPerRequest: (used * 1000) / result.answered,
    core: used / result.elapsedMs,
    sample: result.sample,
  };
};

const benchScheme = async (
  scheme: Scheme,
  kindred: Child,
  key: { accessKeyId: string; accessKeySecret: string },
): Promise<{ kindred: Figure[]; bare: Figure[] }> => {
  const sign = (count: number) =>
    presign({
      scheme,
      ...key,
      host: `127.0.0.1:${kindred.port}`,
      regionId: REGION,
      families: Array.from({ length: FAMILIES }, (_, index) => familyName(index)),
      count,
    });
  const { sample } = await measure(kindred, sign(WARM_UP));
  if (!sample.includes('"ImageId":"m-')) throw new Error(`no image in the answer: ${sample}`);
  const bare = await startBare(sample);
  const figures = { kindred: [] as Figure[], bare: [] as Figure[] };
  try {
    await measure(bare, sign(WARM_UP));
    for (let round = 0; round < Number(values.rounds); round++) {
      const requests = sign(Number(values.requests));
      figures.bare.push(await measure(bare, requests));
      figures.kindred.push(await measure(kindred, requests));
    }
  } finally {
    await bare.stop();
  }
  return figures;
};

const report = (label: string, kindred: Figure[], bare: Figure[]): void => {
  const of = (pick: (figure: Figure) => number, figures: Figure[]) => median(figures.map(pick));
  const rateRatio = median(kindred.map((figure, i) => figure.rate / bare[i]!.rate));
  const cpuRatio = median(
    kindred.map((figure, i) => bare[i]!.cpuUsPerRequest / figure.cpuUsPerRequest),
  );
  const least = Math.min(...[...kindred, ...bare].map((figure) => figure.core));
  log(
    `${label}: ${of((f) => f.rate, kindred).toFixed(0)}/s against ${of((f) => f.rate, bare).toFixed(0)}/s bare: rate ratio ${rateRatio.toFixed(2)}, CPU ratio ${cpuRatio.toFixed(2)} (${of((f) => f.cpuUsPerRequest, kindred).toFixed(1)} against ${of((f) => f.cpuUsPerRequest, bare).toFixed(1)} µs a request), least share of a core ${(least * 100).toFixed(0)} %${least < LEAST_CORE ? ' INVALID: a server was not at 95 % of a core' : ''}`,
  );
};

for (const images of values.images.split(',').map(Number)) {
  const { dataDir, key } = await makeData(images);
  const kindred = await startKindred(dataDir);
  try {
    for (const scheme of ['V1', 'V3'] as const) {
      const figures = await benchScheme(scheme, kindred, key);
      report(`${scheme}, ${images} images, ${FAMILIES} families`, figures.kindred, figures.bare);
    }
  } finally {
    await kindred.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

if (!values['skip-start']) {
  await measureStart(log);
  const { dataDir } = await makeData(IDLE_IMAGES);
  const idle = await startKindred(dataDir);
  await fetch(`http://127.0.0.1:${idle.port}/?Action=DescribeRegions`);
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  log(`idle resident memory with ${IDLE_IMAGES} images: ${residentMib(idle.pid).toFixed(0)} MiB`);
  await idle.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
