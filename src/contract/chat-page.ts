import { z } from 'zod';
import { text } from '#domain/text.ts';

const ORIGIN = /^https?:\/\/(\*\.)?[a-z0-9.-]+(:\d{1,5})?$/i;

/** How a workflow chats with people who have no account. Everything is off until it is switched on. */
export const chatPageIn = {
  enabled: z.boolean().default(false).describe('Whether the page at /chat/{page_id} answers.'),
  embed_enabled: z.boolean().default(false).describe('Whether other sites may show it in their pages.'),
  allowed_origins: z
    .array(text(200).regex(ORIGIN, 'Write an origin such as https://www.example.com, without a path.'))
    .max(50)
    .default([])
    .describe('The sites that may.'),
  title: text(100).trim().default('').describe('Empty: the name of the workflow.'),
  welcome: text(2000).trim().default('').describe('Shown before the first message.'),
  suggestions: z.array(text(200).trim().min(1)).max(8).default([]).describe('Messages to begin with.'),
  attachments_enabled: z.boolean().default(false),
  visitor_per_minute: z.int().min(1).max(600).default(10).describe('Messages of one visitor a minute.'),
  page_per_minute: z.int().min(1).max(10_000).default(60).describe('Messages of all visitors a minute.'),
  network_percent: z
    .int()
    .min(1)
    .max(100)
    .default(50)
    .describe('How much of the minute and the day visitors from one network may use together, in percent.'),
  daily_tokens: z
    .int()
    .min(0)
    .max(1_000_000_000)
    .default(100_000)
    .describe('What all visitors together may use in a day (UTC), in tokens; 0: nothing.'),
  daily_usd: z.number().min(0).max(1_000_000).default(1).describe('The same in US dollars.'),
  renew_address: z.boolean().default(false).describe('Give the page a new address; the old one is gone.'),
};

export const chatPageOut = z
  .object({
    page_id: z.string().nullable().describe('Null until the settings are saved for the first time.'),
    path: z
      .string()
      .nullable()
      .describe('Of the hosted page, such as /chat/3f…; /embed/3f… is the widget’s.'),
    enabled: z.boolean(),
    embed_enabled: z.boolean(),
    allowed_origins: z.array(z.string()),
    title: z.string(),
    welcome: z.string(),
    suggestions: z.array(z.string()),
    attachments_enabled: z.boolean(),
    visitor_per_minute: z.int(),
    page_per_minute: z.int(),
    network_percent: z.int(),
    daily_tokens: z.int(),
    daily_usd: z.number(),
    used_tokens_today: z.int(),
    used_usd_today: z.number(),
  })
  .meta({ id: 'ChatPage' });
