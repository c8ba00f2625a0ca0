import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Problem } from '#domain/graph/validate.ts';
import { lookUpIn } from '#domain/node/available.ts';
import type { AnyDefinition, DefinitionOf } from '#domain/node/definition.ts';
import type { DocumentState, EditedDocument } from './document/document-store.ts';
import type { LooseEnd } from './document/edit.ts';
import type { Point } from './document/geometry.ts';
import { type Marks, NO_MARKS, type Proposal } from './propose/proposal-store.ts';
import type { RunSession, RunStore } from './run/run-session.ts';
import type { RunView } from './run/run-state.ts';

export interface Selection {
  readonly nodes: ReadonlySet<string>;
  readonly edges: ReadonlySet<number>;
}

export const NOTHING: Selection = { nodes: new Set(), edges: new Set() };

/** An edge being drawn, and why the thing under the pointer refuses it. */
export interface Drawing {
  readonly end: LooseEnd | null;
  /** The edge whose end is being moved; it does not count against itself. */
  readonly moving: number | null;
  readonly over: { readonly node: string; readonly port: string | null; readonly fits: boolean } | null;
  readonly reason: { readonly text: string; readonly at: Point } | null;
}

export const NOT_DRAWING: Drawing = { end: null, moving: null, over: null, reason: null };

export type PickerRequest =
  /** Add a node at a place of the canvas, connected to the loose end if there is one. */
  | { readonly kind: 'add'; readonly screen: Point; readonly flow: Point; readonly end: LooseEnd | null }
  | { readonly kind: 'insert'; readonly screen: Point; readonly edge: number }
  /** Choose where to connect: the keyboard's way of drawing an edge. */
  | {
      readonly kind: 'connect';
      readonly screen: Point;
      readonly node: string;
      readonly end: LooseEnd | null;
    };

export type DockTab = 'run' | 'chat' | 'problems' | 'output';

export interface Layout {
  readonly picker: PickerRequest | null;
  readonly dock: DockTab | null;
  readonly palette: boolean;
  readonly minimap: boolean | null;
  readonly sheet: boolean;
  readonly commands: boolean;
  readonly runForm: boolean;
  /** The node whose input is asked for: to run it alone, or to retry the shown run from it. */
  readonly nodeForm: { readonly node: string; readonly retry: boolean } | null;
  /** The repetition whose data is shown, as a scope; null for whichever is worth it. */
  readonly iteration: string | null;
  /** What the shown run asks is being answered. */
  readonly answering: boolean;
  /** The node whose whole view is open. */
  readonly inspector: boolean;
}

export interface ProblemIndex {
  readonly all: readonly Problem[];
  readonly byNode: Readonly<Record<string, readonly Problem[]>>;
}

/** What a part of the editor says to a screen reader. */
export interface Announcement {
  readonly text: string;
  readonly assertive: boolean;
}

/** Everything the canvas and its cards need. A read-only canvas has no layout changes and no saving. */
export interface EditorParts {
  readonly slug: string;
  readonly document: EditedDocument;
  /** The node types this installation has. */
  readonly definitions: readonly AnyDefinition[];
  readonly definitionOf: DefinitionOf;
  readonly selection: StoreApi<Selection>;
  readonly drawing: StoreApi<Drawing>;
  readonly run: RunStore;
  readonly session: RunSession | null;
  readonly layout: StoreApi<Layout>;
  readonly problems: StoreApi<ProblemIndex>;
  readonly announcement: StoreApi<Announcement>;
  /** A change being described or reviewed. */
  readonly proposal: StoreApi<Proposal | null>;
  /** How the cards and wires of a reviewed change are marked. */
  readonly marks: StoreApi<Marks>;
  readonly readOnly: boolean;
}

export const EditorContext = createContext<EditorParts | null>(null);

/** @throws when used outside an editor: a mistake in the code, not of the person. */
export function useEditor(): EditorParts {
  const parts = useContext(EditorContext);
  if (!parts) throw new Error('This component must be inside an editor.');
  return parts;
}

export const useDocument = <T>(select: (state: DocumentState) => T): T =>
  useStore(useEditor().document.store, select);
export const useSelection = <T>(select: (state: Selection) => T): T =>
  useStore(useEditor().selection, select);
export const useDrawing = <T>(select: (state: Drawing) => T): T => useStore(useEditor().drawing, select);
export const useRun = <T>(select: (state: RunView) => T): T => useStore(useEditor().run, select);
export const useLayout = <T>(select: (state: Layout) => T): T => useStore(useEditor().layout, select);
export const useProblems = <T>(select: (state: ProblemIndex) => T): T =>
  useStore(useEditor().problems, select);

export const useProposal = <T>(select: (state: Proposal | null) => T): T =>
  useStore(useEditor().proposal, select);
export const useMarks = <T>(select: (state: Marks) => T): T => useStore(useEditor().marks, select);

const CLOSED: Layout = {
  picker: null,
  dock: null,
  palette: true,
  minimap: null,
  sheet: false,
  commands: false,
  runForm: false,
  nodeForm: null,
  iteration: null,
  answering: false,
  inspector: true,
};

export interface EditorSeed {
  readonly slug: string;
  readonly document: EditedDocument;
  readonly definitions: readonly AnyDefinition[];
  readonly run: RunStore;
  readonly session?: RunSession;
  readonly readOnly?: boolean;
  readonly narrow?: boolean;
}

/** The stores of one open editor. */
export function createEditorParts(seed: EditorSeed): EditorParts {
  return {
    slug: seed.slug,
    document: seed.document,
    definitions: seed.definitions,
    definitionOf: lookUpIn(seed.definitions),
    run: seed.run,
    session: seed.session ?? null,
    readOnly: seed.readOnly ?? false,
    selection: createStore<Selection>(() => NOTHING),
    drawing: createStore<Drawing>(() => NOT_DRAWING),
    layout: createStore<Layout>(() => ({ ...CLOSED, palette: !seed.narrow })),
    problems: createStore<ProblemIndex>(() => ({ all: [], byNode: {} })),
    announcement: createStore<Announcement>(() => ({ text: '', assertive: false })),
    proposal: createStore<Proposal | null>(() => null),
    marks: createStore<Marks>(() => NO_MARKS),
  };
}
