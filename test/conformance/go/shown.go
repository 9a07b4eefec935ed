package main

import (
	"reflect"
	"strings"
)

// Which members of a typed answer are shown. The current SDK has a nil for what was not answered. The
// legacy one has a zero there, so that its raw answer must say what was.
type sent struct {
	all bool
	raw any
}

var whole = sent{all: true}

func (s sent) member(name string) (sent, bool) {
	if s.all {
		return whole, true
	}
	members, _ := s.raw.(map[string]any)
	raw, found := members[name]
	return sent{raw: raw}, found
}

func (s sent) item(i int) sent {
	items, isList := s.raw.([]any)
	if s.all || !isList || i >= len(items) {
		return s
	}
	return sent{raw: items[i]}
}

// shown is the typed value under wire names: what the client's types hold, of what was sent. What the
// types lack is not there, as it is not for a caller.
func shown(value reflect.Value, s sent) any {
	switch value.Kind() {
	case reflect.Pointer, reflect.Interface:
		return shown(value.Elem(), s)
	case reflect.Slice:
		list := make([]any, value.Len())
		for i := range list {
			list[i] = shown(value.Index(i), s.item(i))
		}
		return list
	case reflect.Struct:
		return members(value, s)
	default:
		return value.Interface()
	}
}

func members(value reflect.Value, s sent) map[string]any {
	found := map[string]any{}
	for i := range value.NumField() {
		tag, isMember := value.Type().Field(i).Tag.Lookup("json")
		if !isMember || isNil(value.Field(i)) {
			continue
		}
		name, _, _ := strings.Cut(tag, ",")
		if member, wasSent := s.member(name); wasSent {
			found[name] = shown(value.Field(i), member)
		}
	}
	return found
}

func isNil(value reflect.Value) bool {
	switch value.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Interface:
		return value.IsNil()
	default:
		return false
	}
}
