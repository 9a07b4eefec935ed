// Between the port and `handle()`: whose request is next. Requests that find nobody waiting are handled at
// once, up to a few in one turn of the event loop; the others wait in lines, one for each caller, and the
// lines are served in turn, a few requests in each turn of the loop, so that what arrives meanwhile is seen.
// So a request waits for a few others of each caller and not for all that came before it. It must never
// wait for an answer (writes that gather for one commit would not), never change the order within a line,
// and never keep more than its bounds: a line may hold as many requests as there is room left for others,
// so that one that grows without end leaves half of the room to the rest.

/** Requests that are begun in one turn of the loop: few enough that a turn stays below a millisecond. */
const MAX_BEGUN = 4;
/** Requests that may wait. */
const MAX_WAITING = 2_000;
/** What they may hold in bodies, bytes. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024;

/** A request that wants to be handled. */
export interface Visitor {
  /** Length of its body. */
  sizeBytes: number;
  /** Whose line it stands in, from the outermost name to the innermost. Asked only of those who wait. */
  line(): readonly string[];
  /** Begins; must not throw. */
  begin(): void;
  /** There is no room to wait. */
  refuse(): void;
  /** Whoever asked has gone away while it waited. */
  isGone(): boolean;
}

export interface FairQueueOptions {
  /** Runs something in the next turn of the loop; default `setImmediate`. */
  later?(run: () => void): void;
  maxBegun?: number;
  maxWaiting?: number;
  maxWaitingBytes?: number;
}

export class FairQueue {
  readonly #later: (run: () => void) => void;
  readonly #maxBegun: number;
  readonly #maxWaiting: number;
  readonly #maxWaitingBytes: number;
  readonly #lines = new Rotation();
  #waitingBytes = 0;
  /** How many may still begin in this turn. */
  #left: number;
  #isTurning = false;

  constructor(options: FairQueueOptions = {}) {
    this.#later = options.later ?? setImmediate;
    this.#maxBegun = options.maxBegun ?? MAX_BEGUN;
    this.#maxWaiting = options.maxWaiting ?? MAX_WAITING;
    this.#maxWaitingBytes = options.maxWaitingBytes ?? MAX_WAITING_BYTES;
    this.#left = this.#maxBegun;
  }

  /** How many wait now. */
  get waiting(): number {
    return this.#lines.size;
  }

  enter(visitor: Visitor): void {
    if (!this.#isTurning) {
      this.#isTurning = true;
      this.#later(this.#turn);
    }
    if (this.#lines.size === 0 && this.#left > 0) {
      this.#left -= 1;
      return visitor.begin();
    }
    const names = visitor.line();
    const hasRoom =
      this.#waitingBytes + visitor.sizeBytes <= this.#maxWaitingBytes &&
      this.#lines.hasRoom(names, this.#maxWaiting);
    if (!hasRoom) return visitor.refuse();
    this.#waitingBytes += visitor.sizeBytes;
    this.#lines.push(names, visitor);
  }

  readonly #turn = (): void => {
    this.#left = this.#maxBegun;
    while (this.#left > 0) {
      const visitor = this.#lines.shift();
      if (visitor === undefined) break;
      this.#waitingBytes -= visitor.sizeBytes;
      if (visitor.isGone()) continue;
      this.#left -= 1;
      visitor.begin();
    }
    this.#isTurning = this.#left < this.#maxBegun;
    if (this.#isTurning) this.#later(this.#turn);
  };
}

interface Line {
  readonly size: number;
  hasRoom(names: readonly string[], room: number): boolean;
  push(names: readonly string[], visitor: Visitor): void;
  shift(): Visitor | undefined;
}

/** First come, first served. */
class Row implements Line {
  readonly #visitors: Visitor[] = [];

  get size(): number {
    return this.#visitors.length;
  }

  hasRoom(_names: readonly string[], room: number): boolean {
    return this.size < room;
  }

  push(_names: readonly string[], visitor: Visitor): void {
    this.#visitors.push(visitor);
  }

  shift(): Visitor | undefined {
    return this.#visitors.shift();
  }
}

/** Lines that are served in turn, one visitor of each. An empty one is forgotten. */
class Rotation implements Line {
  readonly #lines = new Map<string, Line>();
  size = 0;

  /** Of `room` in all, a line may hold half when it is the only one, a third each when there are two, and so on. */
  hasRoom([name = '', ...inner]: readonly string[], room: number): boolean {
    const left = room - this.size;
    const line = this.#lines.get(name);
    if (line === undefined) return left > 0;
    return line.size < left && (inner.length === 0 || line.hasRoom(inner, (left + line.size) / 2));
  }

  push([name = '', ...inner]: readonly string[], visitor: Visitor): void {
    let line = this.#lines.get(name);
    if (line === undefined) {
      line = inner.length > 0 ? new Rotation() : new Row();
      this.#lines.set(name, line);
    }
    line.push(inner, visitor);
    this.size += 1;
  }

  shift(): Visitor | undefined {
    for (const [name, line] of this.#lines) {
      const visitor = line.shift();
      this.#lines.delete(name);
      if (line.size > 0) this.#lines.set(name, line);
      this.size -= 1;
      return visitor;
    }
    return undefined;
  }
}
