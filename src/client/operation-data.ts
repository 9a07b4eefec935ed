/** An operation as plain data: what a client, a command line or a console needs to know of it. */
export interface OperationData {
  /** The Action, with the product before it when several products have it: `VpcCreateVpc`. */
  readonly name: string;
  readonly product: string;
  readonly version: string;
  readonly action: string;
  /** `task`: a write whose work goes on after the answer. */
  readonly kind: 'read' | 'write' | 'task';
  /** One sentence. */
  readonly summary: string;
  /** Markdown: what is different here from the cloud. */
  readonly notes?: string;
  /** Open to keys of the operator's account alone. */
  readonly operatorOnly?: true;
  /** Parameters of the documented example, as wire texts (`{"Tag.1.Key": "env"}`). */
  readonly example: Readonly<Record<string, string>>;
  readonly input: readonly FieldData[];
  readonly output: readonly FieldData[];
}

/** The shape of a value. `items` stands with lists, `fields` with structs. */
export interface ShapeData {
  readonly type: 'string' | 'integer' | 'boolean' | 'list' | 'struct';
  readonly description?: string;
  /** Why the parameter is accepted and has no effect. */
  readonly withoutEffect?: string;
  readonly enum?: readonly string[];
  readonly default?: string | number | boolean;
  readonly aliases?: readonly string[];
  readonly maxItems?: number;
  readonly items?: ShapeData;
  readonly fields?: readonly FieldData[];
}

/** A parameter, an answer's field or a member of a struct, under its wire name. */
export interface FieldData extends ShapeData {
  readonly name: string;
  readonly required?: true;
}
