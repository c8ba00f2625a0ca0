'use client';

import { type ComponentProps, type ComponentType, createContext, type ReactNode, useContext } from 'react';

export type LinkProps = Omit<ComponentProps<'a'>, 'href'> & { href: string };

const LinkContext = createContext<ComponentType<LinkProps> | null>(null);

/** Lets the application supply its router's link; without it every link is a plain anchor. */
export function LinkProvider(props: { component: ComponentType<LinkProps>; children: ReactNode }) {
  return <LinkContext value={props.component}>{props.children}</LinkContext>;
}

/** A link that the application's router handles. Other origins and downloads stay plain anchors. */
export function Link({ href, ...rest }: LinkProps) {
  const Routed = useContext(LinkContext);
  const leavesTheApp = /^[a-z][a-z0-9+.-]*:/i.test(href) || rest.download !== undefined;
  if (Routed === null || leavesTheApp) return <a href={href} {...rest} />;
  return <Routed href={href} {...rest} />;
}
