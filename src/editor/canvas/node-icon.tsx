import {
  Archive, ArrowLeftRight, ArrowRightLeft, AlarmClock, Bell, Binary, Bot, Box, Braces, Brain, Calculator, Calendar,
  CalendarClock, ChartLine, CircleCheck, CircleHelp, CircleStop, Clock, Cloud, Code, Cog, Cpu, Database, Download, Eye,
  File, FileText, Filter, Flag, FlaskConical, Folder, FolderGit2, Forward, Funnel, Gauge, GitBranch, GitFork, GitMerge,
  Globe, Hand, Hash, Image, Inbox, Key, Layers, Library, Link, List, ListChecks, ListFilter, Lock, type LucideIcon, Mail,
  Map as MapIcon, Megaphone, Merge, MessageCircle, MessageSquare, Mic, Network, Package, PencilLine, Phone, Play, Plug,
  Puzzle, Recycle, RefreshCw, Repeat, Reply, Rocket, Route, Rss, Search, Send, Server, Settings, Shield, ShieldCheck,
  Shuffle, Sigma, Sparkles, Split, SquareTerminal, Table, Tag, Terminal, Timer, ToggleLeft, TriangleAlert, Type, Upload,
  User, UserCheck, Users, Variable, Video, Wand, Webhook, Workflow, Wrench, Zap,
} from 'lucide-react';

const ICONS = {
  Archive, ArrowLeftRight, ArrowRightLeft, AlarmClock, Bell, Binary, Bot, Box, Braces, Brain, Calculator, Calendar,
  CalendarClock, ChartLine, CircleCheck, CircleHelp, CircleStop, Clock, Cloud, Code, Cog, Cpu, Database, Download, Eye,
  File, FileText, Filter, Flag, FlaskConical, Folder, FolderGit2, Forward, Funnel, Gauge, GitBranch, GitFork, GitMerge,
  Globe, Hand, Hash, Image, Inbox, Key, Layers, Library, Link, List, ListChecks, ListFilter, Lock, Mail, Map: MapIcon,
  Megaphone, Merge, MessageCircle, MessageSquare, Mic, Network, Package, PencilLine, Phone, Play, Plug, Puzzle, Recycle,
  RefreshCw, Repeat, Reply, Rocket, Route, Rss, Search, Send, Server, Settings, Shield, ShieldCheck, Shuffle, Sigma,
  Sparkles, Split, SquareTerminal, Table, Tag, Terminal, Timer, ToggleLeft, TriangleAlert, Type, Upload, User, UserCheck,
  Users, Variable, Video, Wand, Webhook, Workflow, Wrench, Zap,
} as const satisfies Record<string, LucideIcon>;

const byKebab = new Map<string, LucideIcon>(
  Object.entries(ICONS).map(([name, icon]) => [kebab(name), icon]),
);

function kebab(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1-$2').replace(/([a-zA-Z])(\d)/g, '$1-$2').toLowerCase();
}

/** The icon of a node type by its lucide name; a box for names outside the set that ships with the canvas. */
export function NodeIcon({ name, className }: { name: string; className?: string }) {
  const Icon = byKebab.get(name) ?? Box;
  return <Icon className={className} aria-hidden />;
}
