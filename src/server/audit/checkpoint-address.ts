// Where checkpoints go: `file:/path`, `syslog:udp://host:514`, `syslog:tcp://host:601`, `https://host/path`.
// Read when the settings are; what sends is loaded later.

export type CheckpointAddress =
  | { kind: 'file'; name: string; path: string }
  | { kind: 'syslog'; name: string; transport: 'udp' | 'tcp'; host: string; port: number }
  | { kind: 'webhook'; name: string; url: string };

const SYSLOG = /^syslog:(udp|tcp):\/\/(?:\[([0-9a-fA-F:]+)\]|([A-Za-z0-9._-]+))(?::(\d{1,5}))?$/;
const SYSLOG_PORTS = { udp: 514, tcp: 601 } as const;

/** The address, or a sentence that says what is wrong. `name` tells it without what may be a secret. */
export const parseCheckpointAddress = (text: string): CheckpointAddress | string => {
  if (text.startsWith('file:')) {
    const path = text.slice('file:'.length);
    if (path.startsWith('/')) return { kind: 'file', name: text, path };
    return 'file: takes an absolute path, file:/mnt/elsewhere/checkpoints';
  }
  const syslog = SYSLOG.exec(text);
  if (syslog !== null) {
    const transport = syslog[1] as 'udp' | 'tcp'; // the pattern has no other
    const port = Number(syslog[4] ?? SYSLOG_PORTS[transport]);
    if (port < 1 || port > 65_535) return 'the port is 1 to 65535';
    return { kind: 'syslog', name: text, transport, host: syslog[2] ?? syslog[3] ?? '', port };
  }
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    return 'it is file:/path, syslog:udp://host:514, syslog:tcp://host:601 or https://host/path';
  const url = new URL(text);
  if (url.protocol === 'http:' && !/^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname))
    return 'http:// only goes to this machine; use https://';
  return { kind: 'webhook', name: url.origin, url: text };
};
