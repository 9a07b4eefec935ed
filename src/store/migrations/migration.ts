/** The engines' own names of the two column types that the tables use. */
export interface ColumnTypes {
  text: string;
  int: string;
}

/** One numbered step of the data's shape. Applied once, in order, each in one transaction. */
export interface Migration {
  version: number;
  name: string;
  statements(types: ColumnTypes): readonly string[];
}
