// Counters of the running server. Plain numbers on the hot path; the text form is made by the metrics
// library when somebody asks for it, so that a server nobody measures does not load it.

export interface Metrics {
  /** Answers by action and code (`OK` for success). */
  count(action: string, code: string, seconds: number): void;
  /** Parameters that no operation knows. */
  unknownParameters(action: string, count: number): void;
  /** Bytes that came by the URL of an upload. */
  uploaded(sizeBytes: number): void;
  render(): Promise<{ contentType: string; text: string }>;
}

/** Kinds of (action, code) pairs that are told apart; more are counted together. */
const MAX_SERIES = 2_000;

export const makeMetrics = (): Metrics => {
  const answers = new Map<
    string,
    { action: string; code: string; count: number; seconds: number }
  >();
  const unknown = new Map<string, number>();
  let uploadedBytes = 0;
  return {
    count(action, code, seconds) {
      let key = `${action} ${code}`;
      if (!answers.has(key) && answers.size >= MAX_SERIES) key = 'other other';
      let series = answers.get(key);
      if (series === undefined) {
        const [a = 'other', c = 'other'] = key.split(' ');
        series = { action: a, code: c, count: 0, seconds: 0 };
        answers.set(key, series);
      }
      series.count += 1;
      series.seconds += seconds;
    },
    unknownParameters(action, count) {
      if (unknown.size < MAX_SERIES || unknown.has(action))
        unknown.set(action, (unknown.get(action) ?? 0) + count);
    },
    uploaded(sizeBytes) {
      uploadedBytes += sizeBytes;
    },
    async render() {
      const { collectDefaultMetrics, Counter, Registry } = await import('prom-client');
      const registry = new Registry();
      collectDefaultMetrics({ register: registry });
      const registers = [registry];
      const labelNames = ['action', 'code'];
      const total = new Counter({
        name: 'kindred_requests_total',
        help: 'Answers by action and code.',
        labelNames,
        registers,
      });
      const time = new Counter({
        name: 'kindred_request_seconds_total',
        help: 'Time from the request to its answer, summed.',
        labelNames,
        registers,
      });
      const strangers = new Counter({
        name: 'kindred_unknown_parameters_total',
        help: 'Parameters sent that the operation does not know.',
        labelNames: ['action'],
        registers,
      });
      const received = new Counter({
        name: 'kindred_upload_received_bytes_total',
        help: 'Bytes that came by the URLs of uploads.',
        registers,
      });
      received.inc(uploadedBytes);
      for (const { action, code, count, seconds } of answers.values()) {
        total.inc({ action, code }, count);
        time.inc({ action, code }, seconds);
      }
      for (const [action, count] of unknown) strangers.inc({ action }, count);
      const text = await registry.metrics();
      registry.clear();
      return { contentType: registry.contentType, text };
    },
  };
};
