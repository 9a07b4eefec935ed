// What an image declares, read from the Containerfile: the image that `npm run build:image` writes and the one
// that a builder makes are described by the same lines. It knows the instructions that stand in ours, each on
// one line; any other is an error.

/** The `config` of an image, in the names of Docker's image format. */
export interface ImageConfig {
  Env: string[];
  Labels: Record<string, string>;
  ExposedPorts: Record<string, object>;
  Volumes: Record<string, object>;
  User?: string;
  WorkingDir?: string;
  StopSignal?: string;
  Entrypoint?: string[];
  Cmd?: string[];
  Healthcheck?: Healthcheck;
}

export interface Healthcheck {
  Test: string[];
  /** In nanoseconds, as every duration here. */
  Interval?: number;
  Timeout?: number;
  StartPeriod?: number;
  Retries?: number;
}

export interface Containerfile {
  config: ImageConfig;
  /** What is copied where; `owner` as uid:gid, root without it. */
  copies: { from: string; to: string; owner: string | undefined }[];
}

const NANOSECONDS = 1e9;

export const readContainerfile = (text: string): Containerfile => {
  const config: ImageConfig = { Env: [], Labels: {}, ExposedPorts: {}, Volumes: {} };
  const copies: Containerfile['copies'] = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const [, word = '', rest = ''] = /^([A-Z]+) +(.+)$/.exec(line) ?? [];
    if (word === 'COPY') copies.push(readCopy(rest));
    else if (word !== 'FROM') declare(config, word, rest);
    else if (rest !== 'scratch') throw new Error(`the image begins with nothing, not with ${rest}`);
  }
  return { config, copies };
};

const readCopy = (rest: string) => {
  const [, owner, from = '', to = ''] =
    /^(?:--chown=(\d+:\d+) )?(\w+)\/ (\/(?:\w+\/)?)$/.exec(rest) ?? [];
  if (from === '') throw new Error(`COPY ${rest} is not understood`);
  return { from, to, owner };
};

const declare = (config: ImageConfig, word: string, rest: string): void => {
  const [name = '', value = ''] = rest.split(/=(.*)/);
  const words = (): string[] => JSON.parse(rest) as string[]; // the exec form is JSON
  if (word === 'ENV') config.Env.push(rest);
  else if (word === 'LABEL') config.Labels[name] = value;
  else if (word === 'EXPOSE') config.ExposedPorts[rest] = {};
  else if (word === 'VOLUME') config.Volumes[rest] = {};
  else if (word === 'USER') config.User = rest;
  else if (word === 'WORKDIR') config.WorkingDir = rest;
  else if (word === 'STOPSIGNAL') config.StopSignal = rest;
  else if (word === 'ENTRYPOINT') config.Entrypoint = words();
  else if (word === 'CMD') config.Cmd = words();
  else if (word === 'HEALTHCHECK') config.Healthcheck = readHealthcheck(rest);
  else throw new Error(`the instruction ${word} ${rest} is not understood`);
};

const readHealthcheck = (rest: string): Healthcheck => {
  const [, options = '', command = ''] = /^((?:--\S+ )*)CMD (\[.*\])$/.exec(rest) ?? [];
  const found: Healthcheck = { Test: ['CMD', ...(JSON.parse(command) as string[])] };
  for (const [, name, value] of options.matchAll(/--([\w-]+)=(\d+)s? /g)) {
    const seconds = Number(value) * NANOSECONDS;
    if (name === 'interval') found.Interval = seconds;
    else if (name === 'timeout') found.Timeout = seconds;
    else if (name === 'start-period') found.StartPeriod = seconds;
    else if (name === 'retries') found.Retries = Number(value);
    else throw new Error(`HEALTHCHECK --${name} is not understood`);
  }
  return found;
};
