/**
 * Which upstream nodes an expression reads, from JSONata's tree. Never misses a read: whatever could reach `nodes` by a way that is not
 * `nodes.<id>` counts as `dynamic`. Context is followed, so that a field called `nodes` inside the data is not taken for ours.
 */

/** The parts of JSONata's tree that are looked at; the library's own types leave most of it out. */
export interface AstNode {
  type: string;
  value?: unknown;
  position?: number;
  steps?: AstNode[];
  stages?: AstStage[];
  predicate?: AstStage[];
  focus?: unknown;
  index?: unknown;
  group?: { lhs: [AstNode, AstNode][] };
  arguments?: AstNode[];
  procedure?: AstNode;
  expressions?: AstNode[];
  expression?: AstNode;
  lhs?: AstNode | [AstNode, AstNode][];
  rhs?: AstNode;
  condition?: AstNode;
  then?: AstNode;
  else?: AstNode;
  body?: AstNode;
  terms?: { expression: AstNode }[];
  pattern?: AstNode;
  update?: AstNode;
  delete?: AstNode;
}
interface AstStage {
  type: string;
  expr?: AstNode;
  position?: number;
}

export interface AstFacts {
  nodes: Set<string>;
  names: Set<string>;
  dynamic: boolean;
  /** Changes values in place (`~> |…|…|`), so it must have a copy of its own. */
  mutates: boolean;
  fault: { code: string; message: string; position: number } | null;
}

/** Built-ins that take the context when an argument is left out, with the number of arguments at which they do not. */
const contextTakers: Record<string, number> = { string: 1, keys: 1, lookup: 2, spread: 1, each: 2, sift: 2, boolean: 1, not: 1, clone: 1 };

/** Walks a parsed expression. Throws RangeError where it is nested too deeply for the stack. */
export function astFacts(tree: AstNode): AstFacts {
  const walker = new Walker();
  walker.visit(tree, true);
  return walker.facts;
}

class Walker {
  readonly facts: AstFacts = { nodes: new Set(), names: new Set(), dynamic: false, mutates: false, fault: null };

  /** `atRoot`: the context here is the object of names itself. */
  visit(node: AstNode, atRoot: boolean): void {
    switch (node.type) {
      case 'path':
        this.#path(node, atRoot);
        return;
      case 'string':
      case 'number':
      case 'value':
      case 'regex':
      case 'operator':
        break;
      case 'variable':
        this.#variable(node, atRoot);
        break;
      case 'wildcard':
      case 'descendant':
        if (atRoot) this.#whole();
        break;
      case 'parent':
        this.#whole();
        break;
      case 'name':
        if (atRoot) this.#name(String(node.value), null);
        break;
      case 'function':
      case 'partial':
        this.#call(node, atRoot);
        break;
      case 'transform':
        this.facts.mutates = true;
        for (const part of [node.pattern, node.update, node.delete]) if (part !== undefined) this.visit(part, false);
        break;
      case 'unary':
      case 'binary':
      case 'bind':
      case 'apply':
      case 'condition':
      case 'block':
      case 'lambda':
        this.#children(node, atRoot);
        break;
      default:
        this.#whole();
        this.#children(node, atRoot);
    }
    this.#stages(node);
    this.#pairs(node.group?.lhs, false);
  }

  #path(node: AstNode, atRoot: boolean): void {
    const steps = node.steps ?? [];
    let root = atRoot;
    for (const [at, step] of steps.entries()) {
      const next = steps[at + 1];
      if (root && step.type === 'name') {
        this.#name(String(step.value), isPlain(step) ? (next ?? null) : null);
        this.#stages(step);
      } else if (root && isContext(step) && next?.type === 'name' && isPlain(step)) {
        continue;
      } else if (step.type === 'variable' && step.value === '$' && next?.type === 'name' && isPlain(step)) {
        root = true;
        continue;
      } else if (step.type === 'sort') {
        for (const term of step.terms ?? []) this.visit(term.expression, false);
        this.#stages(step);
        if (root) this.#whole();
      } else {
        this.visit(step, root);
      }
      // A focus binding (`@$x`) leaves the context where it was.
      if (step.focus === undefined) root = false;
    }
    this.#pairs(node.group?.lhs, false);
  }

  #name(name: string, next: AstNode | null): void {
    this.facts.names.add(name);
    if (name !== 'nodes') return;
    if (next?.type === 'name') this.facts.nodes.add(String(next.value));
    else this.facts.dynamic = true;
  }

  #variable(node: AstNode, atRoot: boolean): void {
    const name = String(node.value);
    if (name === '$' || (name === '' && atRoot)) this.#whole();
    if (name === 'eval') this.#fault('expression.eval', '$eval is not available in expressions', node);
    // As a bare value it can be called later, with the context filled in.
    if (name === 'lookup' || (atRoot && Object.hasOwn(contextTakers, name))) this.#whole();
  }

  #call(node: AstNode, atRoot: boolean): void {
    const args = node.arguments ?? [];
    const procedure = node.procedure;
    if (procedure?.type === 'variable') {
      const name = String(procedure.value);
      if (name === 'eval') this.#fault('expression.eval', '$eval is not available in expressions', node);
      const enough = Object.hasOwn(contextTakers, name) ? (contextTakers[name] ?? 0) : 0;
      if (atRoot && (args.length < enough || (enough > 0 && node.type === 'partial'))) this.#whole();
      if (name === '$' || name === '') this.#whole();
    } else if (procedure !== undefined) {
      this.visit(procedure, atRoot);
    }
    for (const argument of args) {
      // Handed to a function like $map it is always called with an argument.
      const handed =
        node.type === 'function' &&
        argument.type === 'variable' &&
        argument.value !== 'lookup' &&
        Object.hasOwn(contextTakers, String(argument.value));
      if (!handed) this.visit(argument, atRoot);
    }
  }

  #children(node: AstNode, atRoot: boolean): void {
    if (node.type === 'bind' && !Array.isArray(node.lhs) && node.lhs?.value === 'clone') this.facts.mutates = true;
    if (Array.isArray(node.lhs)) this.#pairs(node.lhs, atRoot);
    else if (node.lhs !== undefined && node.type !== 'bind') this.visit(node.lhs, atRoot);
    for (const part of [node.rhs, node.expression, node.condition, node.then, node.else, node.body]) if (part !== undefined) this.visit(part, atRoot);
    for (const part of node.expressions ?? []) this.visit(part, atRoot);
    if (node.type !== 'lambda') for (const part of node.arguments ?? []) this.visit(part, atRoot);
    if (node.procedure !== undefined) this.visit(node.procedure, atRoot);
  }

  #pairs(pairs: [AstNode, AstNode][] | undefined, atRoot: boolean): void {
    for (const [key, value] of pairs ?? []) {
      this.visit(key, atRoot);
      this.visit(value, atRoot);
    }
  }

  #stages(node: AstNode): void {
    for (const stage of [...(node.stages ?? []), ...(node.predicate ?? [])]) {
      if (stage.expr === undefined) continue;
      if (stage.expr.type === 'string') {
        this.#fault(
          'expression.bracket-string',
          `["${String(stage.expr.value)}"] is read as a filter and gives the whole value: write .\`${String(stage.expr.value)}\` instead`,
          stage.expr,
        );
      }
      this.visit(stage.expr, false);
    }
  }

  #whole(): void {
    this.facts.dynamic = true;
  }

  #fault(code: string, message: string, node: AstNode): void {
    this.facts.fault ??= { code, message, position: node.position ?? 0 };
  }
}

/** `$`, the current context. */
function isContext(step: AstNode): boolean {
  return step.type === 'variable' && step.value === '';
}

/** No predicate, binding or index on it: the next step really is applied to its value. */
function isPlain(step: AstNode): boolean {
  return (
    step.stages === undefined && step.predicate === undefined && step.focus === undefined && step.index === undefined && step.group === undefined
  );
}
