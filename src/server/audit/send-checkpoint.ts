// One checkpoint to one place. Resolves when it is there, as far as that place can say so: a file when it is
// on disk, a webhook when it answered 2xx, syslog by TCP when the line was taken, by UDP when it was sent.
import { createSocket } from 'node:dgram';
import { open } from 'node:fs/promises';
import { connect } from 'node:net';
import { hostname } from 'node:os';
import type { CheckpointAddress } from './checkpoint-address.ts';

const TIMEOUT_MS = 10_000;
/** Facility 13 (log audit), severity 6 (information). */
const PRIORITY = 13 * 8 + 6;

export const sendCheckpoint = async (
  address: CheckpointAddress,
  line: string,
  time: string,
): Promise<void> => {
  switch (address.kind) {
    case 'file':
      return appendLine(address.path, line);
    case 'webhook':
      return post(address.url, line);
    case 'syslog': {
      // RFC 5424; the process id tells nothing that the line does not.
      const message = Buffer.from(
        `<${PRIORITY}>1 ${time} ${hostname()} kindred - audit-checkpoint - ${line}`,
      );
      return address.transport === 'udp' ? sendUdp(address, message) : sendTcp(address, message);
    }
  }
};

const appendLine = async (path: string, line: string): Promise<void> => {
  const file = await open(path, 'a', 0o600);
  try {
    await file.appendFile(`${line}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
};

const post = async (url: string, line: string): Promise<void> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: line,
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`it answered ${response.status}`);
};

interface Place {
  host: string;
  port: number;
}

const sendUdp = ({ host, port }: Place, message: Buffer): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    const end = (error?: Error | null): void => {
      socket.close();
      if (error) reject(error);
      else resolve();
    };
    socket.once('error', end);
    socket.send(message, port, host, (error) => end(error));
  });

/** Framed by its length (RFC 6587). */
const sendTcp = ({ host, port }: Place, message: Buffer): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: TIMEOUT_MS });
    socket.once('timeout', () => socket.destroy(new Error('no answer in time')));
    socket.once('error', reject);
    // A close by the other side is the sign that it has read to the end.
    socket.once('close', (hadError) => !hadError && resolve());
    socket.once('connect', () =>
      socket.end(Buffer.concat([Buffer.from(`${message.length} `), message])),
    );
    socket.resume();
  });
