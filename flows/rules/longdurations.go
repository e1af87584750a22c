package rules

import (
	"fmt"
	"strings"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"

	"github.com/usherhq/usher/db"
)

// longDurations lets duration('7d') and duration('2w') be written, which CEL's own function refuses: the text is
// rewritten to seconds when the expression is compiled. Texts that are not literals go to CEL's function unchanged.
func longDurations() cel.Macro {
	return cel.GlobalMacro("duration", 1, func(factory cel.MacroExprFactory, _ ast.Expr, args []ast.Expr) (ast.Expr, *cel.Error) {
		if args[0].Kind() != ast.LiteralKind {
			return nil, nil // not a macro after all
		}
		text, isText := args[0].AsLiteral().(types.String)
		if !isText || !strings.ContainsAny(string(text), "dwDW") {
			return nil, nil
		}
		length, err := db.ParseDuration(string(text))
		if err != nil {
			return nil, factory.NewError(args[0].ID(), err.Error())
		}
		seconds := fmt.Sprintf("%ds", time.Duration(length)/time.Second)
		return factory.NewCall("duration", factory.NewLiteral(types.String(seconds))), nil
	})
}
