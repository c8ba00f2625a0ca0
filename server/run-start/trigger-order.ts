/** What a stored trigger node says about being started, as far as core API clients set it. */
export interface TriggerFields {
  readonly config?: Readonly<Record<string, unknown>>;
}

export const isActive = (node: { readonly api_fields: TriggerFields }): boolean =>
  node.api_fields.config?.['is_active'] !== false;

/** Higher goes first. */
export const priorityOf = (node: { readonly api_fields: TriggerFields }): number =>
  Number(node.api_fields.config?.['priority'] ?? 0);
