package server

import (
	"net/http"

	"granary/namespace"
	"granary/openapi"
)

// erasureOps are the operations on erasure coding, answered as in an HDFS where no policy is enabled.
var erasureOps = []op{
	{
		Operation: openapi.Operation{Name: "GETECPOLICY", Method: http.MethodGet},
		compat:    true, handle: (*call).getECPolicy,
	},
	{
		Operation: openapi.Operation{Name: "GETECPOLICIES", Method: http.MethodGet, Pathless: true},
		compat:    true, handle: (*call).getECPolicies,
	},
	{
		Operation: openapi.Operation{Name: "GETECCODECS", Method: http.MethodGet, Pathless: true},
		compat:    true, handle: (*call).getECCodecs,
	},
	{
		Operation: openapi.Operation{Name: "SETECPOLICY", Method: http.MethodPut},
		params:    []parameter{ecPolicy.required()}, compat: true,
		handle: func(c *call) error { return c.done(c.session.SetErasurePolicy(c.ctx, c.path, ecPolicy.of(c))) },
	},
	{
		Operation: openapi.Operation{Name: "UNSETECPOLICY", Method: http.MethodPost},
		compat:    true,
		handle:    func(c *call) error { return c.done(c.session.UnsetErasurePolicy(c.ctx, c.path)) },
	},
	{
		Operation: openapi.Operation{Name: "ENABLEECPOLICY", Method: http.MethodPut, Pathless: true},
		params:    []parameter{ecPolicy.required()}, compat: true,
		handle: func(c *call) error { return c.done(c.session.EnableErasurePolicy(ecPolicy.of(c))) },
	},
	{
		Operation: openapi.Operation{Name: "DISABLEECPOLICY", Method: http.MethodPut, Pathless: true},
		params:    []parameter{ecPolicy.required()}, compat: true,
		handle: func(c *call) error { return c.done(c.session.DisableErasurePolicy(ecPolicy.of(c))) },
	},
}

var ecPolicy = text("ecpolicy", "The policy's name.")

// getECPolicy answers with a bare null, as HDFS's JsonUtil renders no policy.
func (c *call) getECPolicy() error {
	if err := c.session.CheckErasurePolicy(c.ctx, c.path); err != nil {
		return err
	}
	return c.json(http.StatusOK, func(b []byte) []byte { return append(b, "null"...) })
}

func (c *call) getECPolicies() error {
	return c.json(http.StatusOK, func(b []byte) []byte {
		b = append(b, `{"ErasureCodingPolicies":{"ErasureCodingPolicyInfo":[`...)
		for i, p := range namespace.ErasurePolicies {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendNumber(b, `{"policy":{"cellSize":`, p.CellSize)
			b = appendECSchema(b, p, ',')
			b = appendNumber(b, `,"id":`, int64(p.ID))
			b = appendText(b, `,"name":`, p.Name)
			b = append(b, `,"replicationPolicy":false,"schema":`...)
			b = appendECSchema(b, p, '{')
			b = append(b, `,"extraOptions":{}},"systemPolicy":true},"state":"DISABLED"}`...)
		}
		return append(b, "]}}"...)
	})
}

// appendECSchema appends opening and the members of a schema, which HDFS repeats beside the schema.
func appendECSchema(b []byte, p namespace.ErasurePolicy, opening byte) []byte {
	b = appendText(append(b, opening), `"codecName":`, p.Codec)
	b = appendNumber(b, `,"numDataUnits":`, int64(p.DataUnits))
	return appendNumber(b, `,"numParityUnits":`, int64(p.ParityUnits))
}

// getECCodecs answers with the codecs that come with Hadoop 3.4.
func (c *call) getECCodecs() error {
	return c.json(http.StatusOK, func(b []byte) []byte {
		return append(b, `{"ErasureCodingCodecs":{"rs":"rs_native, rs_java","rs-legacy":"rs-legacy_java","xor":"xor_native, xor_java"}}`...)
	})
}
