import type { At, NullableJson } from './column-type.ts';

/** Workflows that clients of the Model Context Protocol may call. */
export interface McpToolTable {
  workflow_id: number;
  environment_id: number;
  enabled: boolean;
  /** Unique in its environment. */
  tool_name: string;
  description: string;
  input_schema: NullableJson;
  created_at: At;
  updated_at: At;
}
