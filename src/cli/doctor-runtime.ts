import { isAtLeast, LEAST_SQLITE } from '../lib/least-version.ts';
import { fail, ok, warn, type Finding } from './finding.ts';

const LEAST_NODE = [24, 15];

/** @param versions for tests; default those of this process */
export const checkRuntime = (
  versions: { node: string; sqlite?: string } = process.versions,
  platform: string = `${process.platform} ${process.arch}`,
): Finding[] => {
  const { node, sqlite = '0' } = versions;
  return [
    isAtLeast(node, LEAST_NODE)
      ? ok(`Node.js ${node}`)
      : fail(`Node.js ${node}`, `install ${LEAST_NODE.join('.')} or newer`),
    isAtLeast(sqlite, LEAST_SQLITE)
      ? ok(`SQLite ${sqlite}`)
      : fail(`SQLite ${sqlite}`, `a newer Node.js brings ${LEAST_SQLITE.join('.')} or newer`),
    /^linux (x64|arm64)$/.test(platform)
      ? ok(`platform ${platform}`)
      : warn(
          `platform ${platform}`,
          'made for production on Linux x64 and arm64; for development it will do',
        ),
  ];
};
