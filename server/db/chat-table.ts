import type { Generated } from 'kysely';
import type { At, NullableAt } from './column-type.ts';

export interface ChatAttachmentTable {
  id: Generated<string>;
  chat_message_id: string;
  n: number;
  filename: string;
  media_type: string;
  size_bytes: number;
  content: Buffer;
}
export interface ChatPageTable {
  workflow_id: number;
  environment_id: number;
  page_id: string;
  enabled: boolean;
  embed_enabled: boolean;
  allowed_origins: string[];
  title: string;
  welcome: string;
  suggestions: string[];
  attachments_enabled: boolean;
  visitor_per_minute: number;
  page_per_minute: number;
  network_percent: Generated<number>;
  daily_tokens: string | number;
  daily_usd: string | number;
  created_at: At;
  updated_at: At;
}
export interface ChatVisitTable {
  execution_id: string;
  workflow_id: number;
  visitor_id: string;
  network: Generated<string>;
  created_at: At;
}
export interface ChatDeliveryTable {
  id: Generated<string>;
  environment_id: number;
  execution_id: string;
  key: string;
  credential_id: string;
  chat_id: string;
  text: string;
  status: Generated<'pending' | 'sent' | 'failed'>;
  attempts: Generated<number>;
  next_at: At;
  last_error: string | null;
  created_at: At;
  sent_at: NullableAt;
}
