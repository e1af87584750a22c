package main

import (
	"fmt"

	"github.com/usherhq/usher/connectors/llm"
	"github.com/usherhq/usher/flows"
)

// draftWith lets a language model propose workflows, if USHER_LLM_URL names one.
func (s settings) draftWith(f *flows.Flows) error {
	if s.LLM == "" {
		return nil
	}
	client, err := llm.New(llm.Settings{URL: s.LLM, Model: s.LLMModel, Key: s.LLMKey}, nil)
	if err != nil {
		return fmt.Errorf("USHER_LLM_URL, USHER_LLM_MODEL, USHER_LLM_KEY: %w", err)
	}
	f.DraftWith(client)
	return nil
}
