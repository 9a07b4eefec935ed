/** One line of `kindred doctor`. */
export interface Finding {
  level: 'ok' | 'warn' | 'fail';
  text: string;
  /** What to do about it. */
  advice?: string;
}

export const ok = (text: string): Finding => ({ level: 'ok', text });
export const warn = (text: string, advice: string): Finding => ({ level: 'warn', text, advice });
export const fail = (text: string, advice: string): Finding => ({ level: 'fail', text, advice });
