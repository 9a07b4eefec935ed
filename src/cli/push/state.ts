// What a push must remember to go on after it was interrupted, found again by what is pushed and where to:
// a file under XDG_STATE_HOME that only its owner can read, since the URL of an upload is a secret.
import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Io } from '../io.ts';

export interface PushState {
  /** What the image is to become; another wish is another image of the same upload. */
  wish: string;
  /** Makes the import one, however often it is asked for. */
  clientToken: string;
  upload?: { id: string; url: string; bucket: string; object: string };
  /** Of the whole source, once it has been sent. */
  sha256?: string;
  imageId?: string;
  taskId?: string;
}

export interface StateFile {
  state: PushState;
  save(): void;
  remove(): void;
}

/** @param subject what is pushed, where to, as whom */
export const openState = (io: Io, subject: readonly string[], wish: string): StateFile => {
  const home = io.environment.HOME ?? io.homeDir ?? homedir();
  const root = io.environment.XDG_STATE_HOME || join(home, '.local', 'state');
  const name = createHash('sha256').update(JSON.stringify(subject)).digest('hex').slice(0, 32);
  const path = join(root, 'kindred', 'push', `${name}.json`);
  const fresh = (): PushState => ({ wish, clientToken: randomUUID() });
  const earlier = read(path);
  const kept = earlier && { upload: earlier.upload, sha256: earlier.sha256 };
  const state =
    earlier === undefined || earlier.wish === wish
      ? (earlier ?? fresh())
      : {
          ...fresh(),
          ...(kept?.upload && { upload: kept.upload }),
          ...(kept?.sha256 && { sha256: kept.sha256 }),
        };
  return {
    state,
    save() {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      writeFileSync(`${path}.new`, JSON.stringify(state), { mode: 0o600 });
      renameSync(`${path}.new`, path);
    },
    remove: () => rmSync(path, { force: true }),
  };
};

/** A file that cannot be read is no state: the push begins anew. */
const read = (path: string): PushState | undefined => {
  try {
    const value = JSON.parse(readFileSync(path, 'utf8')) as PushState;
    return typeof value.clientToken === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
};
