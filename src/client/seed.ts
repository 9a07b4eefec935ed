// Seeds of any size over calls of bounded size: accounts first, then images in the order of time, piece by
// piece. Each call is one write; a repeated file leaves what is there, so that it goes on where it ended.
// What a seed may say is checked by the server alone; here it is cut, and its places are put right again.
import { isRecord } from '../lib/check-json.ts';
import { relativeMs } from '../lib/relative-time.ts';
import { KindredError } from './kindred-error.ts';

/** Calls the operation that applies, or the one that exports. @throws KindredError */
export type Send = (input: object) => Promise<Record<string, unknown>>;

/** Characters of images that one call carries; its form is up to three times as long. */
const PIECE_CHARACTERS = 150_000;
const PIECE_IMAGES = 200;
/** Of one file. */
export const MAX_SEED_BYTES = 64 * 1024 * 1024;

export interface AppliedSeed {
  AccountCount: number;
  ImageCount: number;
  LeftCount: number;
}

/** @throws KindredError whose message names the place in `seed` */
export const applySeed = async (
  send: Send,
  seed: unknown,
  progress: (images: number, total: number) => void = () => undefined,
): Promise<AppliedSeed> => {
  const { Images, ...head } = isRecord(seed) ? seed : { Images: undefined };
  const isCut = isRecord(seed) && Array.isArray(Images);
  const first = await send({ Seed: JSON.stringify(isCut ? head : seed) });
  const sum = countsOf(first);
  if (!isCut) return sum;
  const Time = String(first.Time);
  // Accounts are there by now, and are not sent again.
  const { Accounts: _accounts, ...rest } = head;
  let done = 0;
  for (const piece of piecesOf(Images, Date.parse(Time))) {
    const images = piece.map(({ image }) => image);
    const answer = await send({
      Seed: JSON.stringify({ ...rest, Images: images }),
      Time,
    }).catch((error: unknown) => {
      throw error instanceof KindredError ? inItsPlace(error, piece) : error;
    });
    const counts = countsOf(answer);
    sum.ImageCount += counts.ImageCount;
    sum.LeftCount += counts.LeftCount;
    done += piece.length;
    progress(done, Images.length);
  }
  return sum;
};

/** The whole installation as a seed: `{kindredSeed, Accounts, Images}`, and how many images are left out. */
export const exportSeed = async (
  send: Send,
): Promise<{ seed: Record<string, unknown>; leftOut: number }> => {
  const Images: unknown[] = [];
  let seed: Record<string, unknown> | undefined;
  let leftOut = 0;
  let NextToken = '';
  do {
    const answer = await send(NextToken === '' ? {} : { NextToken });
    const page = JSON.parse(String(answer.Seed)) as Record<string, unknown>;
    seed ??= page;
    Images.push(...(page.Images as unknown[]));
    leftOut += Number(answer.LeftOutCount);
    NextToken = String(answer.NextToken);
  } while (NextToken !== '');
  return { seed: { ...seed, Images }, leftOut };
};

interface Placed {
  image: unknown;
  /** In the list of the file. */
  at: number;
}

const countsOf = ({
  AccountCount,
  ImageCount,
  LeftCount,
}: Record<string, unknown>): AppliedSeed => ({
  AccountCount: Number(AccountCount),
  ImageCount: Number(ImageCount),
  LeftCount: Number(LeftCount),
});

const piecesOf = (images: readonly unknown[], nowMs: number): Placed[][] => {
  const placed = images.map((image, at) => ({ image, at, ms: timeOf(image, nowMs) }));
  const pieces: Placed[][] = [];
  let characters = Infinity;
  for (const { image, at } of placed.toSorted((a, b) => a.ms - b.ms)) {
    const more = JSON.stringify(image).length;
    if (characters + more > PIECE_CHARACTERS || pieces.at(-1)!.length >= PIECE_IMAGES) {
      pieces.push([]);
      characters = 0;
    }
    pieces.at(-1)!.push({ image, at });
    characters += more;
  }
  return pieces;
};

/** As the server will read it; what is no time comes last, where the server refuses it. */
const timeOf = (image: unknown, nowMs: number): number => {
  const text = isRecord(image) ? image.CreationTime : undefined;
  if (typeof text !== 'string') return nowMs;
  const relative = relativeMs(text);
  const ms = relative === undefined ? Date.parse(text) : nowMs + relative;
  return Number.isNaN(ms) ? nowMs : ms;
};

/** The server counts in its piece. */
const inItsPlace = (error: KindredError, piece: readonly Placed[]): KindredError => {
  const message = error.message.replaceAll(
    /\bImages\[(\d+)\]/g,
    (_, i) => `Images[${piece[Number(i)]?.at ?? i}]`,
  );
  const { code, status, requestId } = error;
  return new KindredError(code, message, { status, requestId });
};
