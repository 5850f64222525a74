import { plain, type Question } from './message.ts';

/** What a container may have to ask DNS with, best first: dig says everything, getent knows addresses alone. */
export const TOOLS = ['dig', 'nslookup', 'getent'] as const;
export type Tool = (typeof TOOLS)[number];

/** The line before each answer, and the one that says which tool it is. */
export const ANSWER_LINE = /^sts-safe answer .*\n?/m;
export const TOOL_LINE = /^sts-safe tool (\w+)$/m;

/**
 * Asks each question with the first tool that is there. Names end with a dot, so that no search domain is tried; `-s dns` leaves
 * out /etc/hosts, where the kubelet writes the Pod's own name.
 */
const SCRIPT = `
for tool in ${TOOLS.join(' ')} none; do command -v $tool >/dev/null 2>&1 && break; done
echo "sts-safe tool $tool"
while [ $# -gt 1 ]; do
  echo "sts-safe answer $1 $2"
  case $tool-$1 in
    dig-*) dig +noall +comments +answer +time=2 +tries=2 "$2." "$1" ;;
    nslookup-*) nslookup "-type=$1" "$2." ;;
    getent-A) getent -s dns ahostsv4 "$2." ;;
    getent-AAAA) getent -s dns ahostsv6 "$2." ;;
  esac 2>&1
  shift 2
done
exit 0`;

/** The command that asks these questions in a container; its output is for `answersIn`. */
export function commandFor(questions: readonly Question[]): readonly string[] {
  return ['sh', '-c', SCRIPT, 'sh', ...questions.flatMap(({ type, name }) => [type, plain(name)])];
}
