// What components and pipelines of the image builder consist of: lines of commands in the Dockerfile's
// manner, or a YAML text with `Tasks:`. Read so far that mistakes are refused and that it is known
// whether a machine would be needed. Nothing here runs anything, and nothing else here does either.

export const MAX_CONTENT_BYTES = 16 * 1024;
/** Of one content. */
const MAX_COMMANDS = 127;

/** Commands that take an argument and run on the machine that is being built. */
const WITH_ARGUMENT = ['RUN', 'ENV', 'WORKDIR', 'COPY', 'USER', 'CMD', 'ENTRYPOINT'] as const;
type WithArgument = (typeof WITH_ARGUMENT)[number];
type CommandName = WithArgument | 'RESTART' | 'FROM' | 'COMPONENT';
const NAMES: ReadonlySet<string> = new Set([...WITH_ARGUMENT, 'RESTART', 'FROM', 'COMPONENT']);

export interface Command {
  name: CommandName;
  argument: string;
}

export type CommandFault =
  | `EmptyCommandContent.${WithArgument}`
  | `InvalidCommandContent.${WithArgument}`;

export type ContentFault =
  | 'too-long'
  | 'too-many'
  /** Neither form, or a YAML text without tasks. */
  | 'unreadable'
  | 'unknown-command'
  | 'restart-with-argument'
  | CommandFault;

export type Content =
  | { format: 'yaml'; parameters: ContentParameter[] }
  | { format: 'commands'; commands: Command[] };

/** A parameter that a YAML text declares. */
export interface ContentParameter {
  name: string;
  type: string;
  defaultValue: string;
}

export const readContent = (text: string): { fault: ContentFault } | Content => {
  if (Buffer.byteLength(text) > MAX_CONTENT_BYTES) return { fault: 'too-long' };
  const lines = logicalLines(text);
  if (lines.length === 0) return { fault: 'unreadable' };
  if (/^(Tasks|Parameters)[ \t]*:/.test(lines[0] ?? '')) return readYaml(text);
  if (lines.length > MAX_COMMANDS) return { fault: 'too-many' };
  const commands: Command[] = [];
  for (const line of lines) {
    const command = readCommand(line);
    if (command === undefined) return { fault: 'unknown-command' };
    const fault = faultOf(command);
    if (fault !== undefined) return { fault };
    commands.push(command);
  }
  return { format: 'commands', commands };
};

/** Lines without comments and empty ones; a `\` at the end goes on in the next line. */
const logicalLines = (text: string): string[] => {
  const lines: string[] = [];
  let begun = '';
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    if (line.endsWith('\\')) {
      begun += `${line.slice(0, -1)} `;
      continue;
    }
    lines.push(begun === '' ? raw.trimEnd() : begun + line);
    begun = '';
  }
  return begun === '' ? lines : [...lines, begun.trimEnd()];
};

const readCommand = (line: string): Command | undefined => {
  const [, word = '', argument = ''] = /^\s*(\S+)\s*([\s\S]*)$/.exec(line) ?? [];
  const name = word.toUpperCase();
  // The set holds exactly the names of the type.
  return NAMES.has(name) ? { name: name as CommandName, argument: argument.trim() } : undefined;
};

const takesArgument = (name: CommandName): name is WithArgument =>
  (WITH_ARGUMENT as readonly string[]).includes(name);

const faultOf = ({ name, argument }: Command): ContentFault | undefined => {
  if (name === 'RESTART') return argument === '' ? undefined : 'restart-with-argument';
  if (!takesArgument(name)) return undefined;
  if (argument === '') return `EmptyCommandContent.${name}`;
  return isArgument(name, argument) ? undefined : `InvalidCommandContent.${name}`;
};

const isArgument = (name: WithArgument, argument: string): boolean => {
  const words = argument.split(/\s+/);
  if (name === 'ENV') return /^[A-Za-z_]\w*(=|\s+\S)/.test(argument);
  if (name === 'COPY') return words.length >= 2;
  if (name === 'WORKDIR' || name === 'USER') return words.length === 1;
  return !argument.startsWith('[') || isListOfTexts(argument);
};

/** The exec form: `["/bin/sh", "-c", "…"]`. */
const isListOfTexts = (text: string): boolean => {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) && list.length > 0 && list.every((item) => typeof item === 'string');
  } catch {
    return false;
  }
};

const readYaml = (text: string): { fault: ContentFault } | Content => {
  const lines = text.split(/\r?\n/).filter((line) => !/^\s*(#|$)/.test(line));
  const sections = new Map<string, string[]>();
  let section: string[] = [];
  for (const line of lines) {
    const head = /^([A-Za-z]+)[ \t]*:/.exec(line)?.[1];
    if (head === undefined) section.push(line);
    else sections.set(head, (section = []));
  }
  const hasTask = sections.get('Tasks')?.some((line) => /^\s*-\s+\S/.test(line)) ?? false;
  if (!hasTask) return { fault: 'unreadable' };
  return { format: 'yaml', parameters: readParameters(sections.get('Parameters') ?? []) };
};

/** `name:` and, further in, `Type:` and `DefaultValue:`. */
const readParameters = (lines: readonly string[]): ContentParameter[] => {
  const parameters: ContentParameter[] = [];
  const depth = lines[0]?.search(/\S/) ?? 0;
  for (const line of lines) {
    const [, indent = '', key = '', raw = ''] = /^(\s*)([\w-]+)\s*:(.*)$/.exec(line) ?? [];
    const value = (raw.split(' #')[0] ?? '').trim().replace(/^(['"])(.*)\1$/, '$2');
    const last = parameters.at(-1);
    if (key === '') continue;
    if (indent.length <= depth) parameters.push({ name: key, type: 'String', defaultValue: '' });
    else if (last !== undefined && key === 'Type') last.type = value;
    else if (last !== undefined && key === 'DefaultValue') last.defaultValue = value;
  }
  return parameters;
};
