/** The workflows of the fake: the shipped example, one with a loop and branches, one draft. */
export const reviews = {
  schemaVersion: 1,
  inputs: {
    type: 'object',
    properties: {
      file: { type: 'string', title: 'File of reviews', description: 'The id of a CSV file.' },
      least: { type: 'integer', title: 'Least score', default: 3 },
    },
    required: ['file'],
  },
  triggers: [{ id: 'manual', type: 'manual' }],
  nodes: [
    {
      id: 'reviews',
      type: 'data_source',
      label: 'Read reviews',
      config: { connector: 'file', action: 'read-rows', params: { file: '{{ input.file }}' } },
    },
    {
      id: 'classify',
      type: 'prompt',
      label: 'Classify each review',
      config: {
        model: 'demo/rules',
        messages: [
          { role: 'system', content: 'You read reviews of a shop and answer in short.' },
          { role: 'user', content: 'Classify this review by sentiment and topic:\n{{ item.text }}' },
        ],
        output: {
          type: 'object',
          properties: {
            sentiment: { type: 'string', enum: ['positive', 'neutral', 'negative'] },
            topic: { type: 'string' },
            score: { type: 'number' },
          },
          required: ['sentiment', 'topic', 'score'],
        },
        forEach: '{{ nodes.reviews.output.rows }}',
        concurrency: 10,
      },
    },
    {
      id: 'unhappy',
      type: 'condition',
      label: 'Any unhappy?',
      config: { left: '{{ $count(nodes.classify.output[sentiment="negative"]) }}', op: 'gt', right: 0 },
    },
    {
      id: 'by_topic',
      type: 'transform',
      label: 'Count by topic',
      config: {
        preset: 'aggregate',
        source: '{{ nodes.classify.output }}',
        groupBy: ['topic'],
        measures: { count: { op: 'count' }, average_score: { op: 'avg', field: 'score' } },
      },
    },
    {
      id: 'praise',
      type: 'transform',
      label: 'Thank-you list',
      config: { preset: 'pick', source: '{{ nodes.classify.output }}', fields: ['topic', 'score'] },
    },
    { id: 'report', type: 'output', label: 'Report', config: { name: 'report', value: '{{ nodes.by_topic.output }}' } },
    { id: 'rows', type: 'output', label: 'All rows', config: { name: 'rows', value: '{{ nodes.classify.output }}' } },
  ],
  edges: [
    { from: 'reviews', to: 'classify' },
    { from: 'classify', to: 'unhappy' },
    { from: 'unhappy', fromPort: 'true', to: 'by_topic' },
    { from: 'unhappy', fromPort: 'false', to: 'praise' },
    { from: 'by_topic', to: 'report' },
    { from: 'classify', to: 'rows' },
  ],
};

export const leads = {
  schemaVersion: 1,
  triggers: [{ id: 'hourly', type: 'schedule' }],
  nodes: [
    { id: 'crm', type: 'data_source', label: 'New leads of the hour', config: { connector: 'hubspot', action: 'list-contacts' } },
    { id: 'each', type: 'loop', label: 'For each lead', config: { mode: 'for_each', items: '{{ nodes.crm.output.rows }}' } },
    { id: 'enrich', type: 'action', label: 'Look up the company', parent: 'each', config: { connector: 'http', action: 'request' } },
    {
      id: 'score',
      type: 'prompt',
      label: 'Score the lead with a rather long name that must be cut',
      parent: 'each',
      config: { model: 'anthropic/claude-sonnet-5' },
    },
    { id: 'route', type: 'switch', label: 'Route by score', config: { cases: [{ port: 'hot' }, { port: 'warm' }] } },
    { id: 'ask', type: 'approval', label: 'Sales lead agrees', config: { title: 'Call {{ $count(nodes.each.output) }} hot leads today?' } },
    { id: 'tell', type: 'notify', label: 'Tell the channel', config: { channel: 'slack' } },
    { id: 'result', type: 'output', label: 'Scored leads', config: { name: 'leads', value: '{{ nodes.each.output }}' } },
  ],
  edges: [
    { from: 'crm', to: 'each' },
    { from: 'enrich', to: 'score' },
    { from: 'each', to: 'route' },
    { from: 'route', fromPort: 'hot', to: 'ask' },
    { from: 'route', fromPort: 'warm', to: 'tell' },
    { from: 'ask', fromPort: 'approved', to: 'tell' },
    { from: 'each', to: 'result' },
  ],
};
