/** Words that no text for people has, and what it says instead: the API's own nouns, in plain American English. */
export const AVOIDED: readonly { readonly word: RegExp; readonly say: string }[] = [
  { word: /(?<![-\w"./`])claims?(?![-\w.:"/`])/i, say: 'PVC' },
  { word: /\b(ours|our record|somebody|anybody|whoever)\b/i, say: 'another client, a user who can' },
  { word: /\b(goes|go on|go back|gone on|went)\b/i, say: 'resume, cancel, is deleted, remains' },
  { word: /\bsigns? of life\b/i, say: 'heartbeat' },
  { word: /\b(half-way|for ever|anew|meanwhile)\b/i, say: 'part-way, forever, again, in the meantime' },
  { word: /\bcolours?\b/i, say: 'color' },
  { word: /\bcondemned\b/i, say: 'beyond the replica count' },
];
