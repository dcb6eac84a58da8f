/** Door of the one outbound HTTP client. Anything else that reaches out fails lint (05, rules 13 to 16). */
export {};
