/** A port an edge is being drawn from, at either end of the future edge. */
export interface LooseEnd {
  readonly node: string;
  readonly port: string;
  readonly side: 'input' | 'output';
}
