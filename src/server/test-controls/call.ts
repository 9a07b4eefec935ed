/** In wire words, as `/_test/calls` shows it. */
export interface Call {
  /** Counts from 1 in each world; gaps show that older calls were forgotten. */
  Number: number;
  RequestId: string;
  /** Of the world's wall clock. */
  Time: string;
  Product: string;
  Version: string;
  Action: string;
  AccessKeyId: string;
  Parameters: Record<string, string>;
  Status: number;
  /** `OK`, or the code of the error. */
  Code: string;
  ElapsedMs: number;
  ReadParameters: string[];
  IgnoredParameters: { Name: string; Reason: string }[];
  /** Id of the fault that the call met. */
  Fault?: string;
}
