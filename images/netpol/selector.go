package main

// Selector of labels, as Kubernetes defines it: every requirement must hold, and without any it selects all.
type Selector struct {
	MatchLabels      map[string]string `json:"matchLabels"`
	MatchExpressions []struct {
		Key      string   `json:"key"`
		Operator string   `json:"operator"`
		Values   []string `json:"values"`
	} `json:"matchExpressions"`
}

// Matches says whether labels meet all requirements. An operator that is not known selects nothing.
func (s *Selector) Matches(labels map[string]string) bool {
	for key, value := range s.MatchLabels {
		if has, present := labels[key]; !present || has != value {
			return false
		}
	}
	for _, requirement := range s.MatchExpressions {
		value, present := labels[requirement.Key]
		switch requirement.Operator {
		case "In":
			if !present || !contains(requirement.Values, value) {
				return false
			}
		case "NotIn":
			if present && contains(requirement.Values, value) {
				return false
			}
		case "Exists":
			if !present {
				return false
			}
		case "DoesNotExist":
			if present {
				return false
			}
		default:
			return false
		}
	}
	return true
}
